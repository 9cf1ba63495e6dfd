#include "report/collect.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/files.h"
#include "unit/report/made_reports.h"

namespace hone::report {
namespace {

using nlohmann::json;

json amount(int documents, int bytes) {
  return {{"documents", documents}, {"bytes", bytes}, {"characters", 1}};
}

/// A run directory with what the stages leave behind, as small as it gets.
struct MadeRun {
  test::TempDir folder{"hone-report"};
  artifact::RunDirectory run{folder / "runs" / "handbook" / "5f0c2be91a77"};
  recipe::Recipe recipe;

  MadeRun() {
    recipe.name = "handbook";
    recipe::SourceOptions source;
    source.name = "wiki";
    source.licence = "CC0-1.0";
    recipe.corpus.sources = {source};
    put(run.evaluation() / artifact::kFacts, made_report("good")["facts"]["evaluation"]);
    put(run.corpus() / artifact::kStatistics,
        {{"read", amount(10, 1000)},
         {"kept", amount(4, 400)},
         {"edited", amount(2, 250)},
         {"dropped", amount(3, 300)},
         {"rejected", amount(1, 50)},
         {"rejections", {{"damaged", amount(1, 50)}}},
         {"rules",
          {{{"rule", "quality"}, {"dropped", amount(3, 300)}, {"edited", amount(0, 0)}},
           {{"rule", "normalise"}, {"dropped", amount(0, 0)}, {"edited", amount(2, 250)}, {"spans", 7}}}},
         {"sources", {{"wiki", {{"read", amount(9, 900)}}}, {"mail", {{"read", amount(1, 100)}}}}},
         {"without_licence", {{"mail", 1}}}});
    put(run.training() / artifact::kTrainResult, {{"chosen", "step-000200"},
                                                  {"steps", 1000},
                                                  {"epochs", 2},
                                                  {"tokens", 5000},
                                                  {"trained_tokens", 4000},
                                                  {"ended_early", false},
                                                  {"best_validation_loss", 2.5}});
    std::string metrics;
    for (int step = 1; step <= 1000; ++step)
      metrics +=
          json{{"event", "step"}, {"step", step}, {"loss", 3.0}, {"seconds", 0.5}, {"tokens", 10}}.dump() +
          "\n";
    metrics +=
        json{{"event", "validation"}, {"step", 500}, {"epoch", 1}, {"loss", 2.75}, {"seconds", 1.0}}.dump() +
        "\n";
    metrics += R"({"event": "step", "step": 10)";  // cut short by a crash
    base::write_file(run.metrics(), metrics);
  }

  static void put(const std::filesystem::path& file, const json& content) {
    std::filesystem::create_directories(file.parent_path());
    base::write_file(file, base::json_text(content));
  }
  json report() const {
    return build_report_json({run, &recipe, "/home/somebody/models/base-12m/", "0.1.0"});
  }
};

TEST(Collect, BytesReadAreKeptEditedOrDropped) {
  const json data = collect_data(MadeRun().run);
  int64_t bytes = data["kept"]["bytes"].get<int64_t>() + data["edited"]["bytes"].get<int64_t>();
  for (const json& dropped : data["dropped"]) bytes += dropped["bytes"].get<int64_t>();
  EXPECT_EQ(bytes, data["read"]["bytes"].get<int64_t>());
  EXPECT_EQ(data["dropped"][0]["rule"], "reader: damaged");
  EXPECT_EQ(data["dropped"].size(), 2U);  // a rule that dropped nothing is no step
}

TEST(Collect, SourcesThatRowsNameAreListedBesideTheRecipes) {
  const MadeRun made;
  const json sources = collect_sources(made.run, made.recipe);
  ASSERT_EQ(sources.size(), 2U);
  EXPECT_EQ(sources[0]["name"], "wiki");
  EXPECT_EQ(sources[0]["without_licence"], 0);
  EXPECT_EQ(sources[1]["name"], "mail");
  EXPECT_EQ(sources[1]["without_licence"], 1);
}

TEST(Collect, LongCurvesAreThinnedAndABrokenLastLineIsPassedOver) {
  const MadeRun made;
  const json training = collect_training(made.run, made.recipe);
  EXPECT_EQ(training["train"].size(), 300U);
  EXPECT_EQ(training["train"].back()[0], 1000);
  EXPECT_DOUBLE_EQ(training["train"][17][1].get<double>(), 3.0);
  EXPECT_EQ(training["validation"], json::parse("[[500.0, 2.75, 1.0]]"));
  EXPECT_EQ(training["chosen_step"], 200);
  EXPECT_DOUBLE_EQ(collect_measured(made.run)["training_seconds"].get<double>(), 501.0);
}

TEST(Collect, FactsAreTheSameEveryTimeAndKeepPathsToThemselves) {
  const MadeRun made;
  const json report = made.report();
  EXPECT_EQ(report["facts"], made.report()["facts"]);
  EXPECT_EQ(report["facts"]["model"]["base"], "base-12m");
  EXPECT_EQ(report.dump().find("/home/somebody"), std::string::npos);
}

TEST(Collect, WhatTheRunDoesNotHaveIsLeftOut) {
  const MadeRun made;
  for (const auto& folder : {made.run.corpus(), made.run.training()}) std::filesystem::remove_all(folder);
  const json report = made.report();
  EXPECT_TRUE(report["facts"]["data"].is_null());
  EXPECT_TRUE(report["facts"]["training"].is_null());
  EXPECT_NE(report_html(report, recipe::Language::en).find("</html>"), std::string::npos);
}

TEST(Collect, NothingIsReportedWithoutAnEvaluation) {
  const MadeRun made;
  std::filesystem::remove_all(made.run.evaluation());
  EXPECT_THROW(made.report(), Error);
}

TEST(Collect, AllFourFormsAreWritten) {
  const MadeRun made;
  const auto out = made.folder / "report";
  std::filesystem::create_directory(out);
  write_report(out, made.report(), recipe::Language::ko);
  for (const char* name :
       {artifact::kReportHtml, artifact::kReportJson, artifact::kJUnit, artifact::kSummary})
    EXPECT_GT(std::filesystem::file_size(out / name), 100U) << name;
}

}  // namespace
}  // namespace hone::report
