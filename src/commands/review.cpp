/// `hone review RUN`: a sample of what stayed to check by hand, and what the findings say of the rest.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "artifact/lock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "base/log.h"
#include "commands/here.h"
#include "commands/named_run.h"
#include "commands/review_terminal.h"
#include "corpus/review.h"
#include "corpus/review_record.h"
#include "plan/cleaning_report.h"
#include "report/review_page.h"

namespace hone::commands {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr int64_t kLargestSample = 100'000;

corpus::SampleOptions options_from(const Arguments& arguments) {
  return {.size = static_cast<uint64_t>(arguments.integer("sample", 200, 1, kLargestSample)),
          .seed = static_cast<uint64_t>(arguments.integer("seed", 0, 0, INT64_MAX)),
          .source = arguments.text("source"),
          .language = arguments.text("language")};
}

std::string words_of(const std::string& word) {
  return word == "personal_data" ? "personal data" : word == "secret" ? "secrets" : "boilerplate or garbage";
}

void print_entry(const json& entry) {
  const uint64_t documents = entry.at("documents");
  std::cout << fmt::format("sample {}: {} of {} documents{}{}, checked by {} on {}\n", entry.at("sample").get<std::string>(), documents,
                           base::human_count(entry.at("population")),
                           entry.at("source") == "" ? "" : " of source " + entry.at("source").get<std::string>(),
                           entry.at("language") == "" ? "" : " in language " + entry.at("language").get<std::string>(),
                           entry.at("inspector").get<std::string>(), entry.at("date").get<std::string>());
  for (const char* word : corpus::kAnswerWords) {
    const json& found = entry.at("found").at(word);
    std::cout << fmt::format("  {:<24} in {} of {}; with 95 % confidence at most {:.2f} % of all documents have some ({:.1f} of 1,000)\n",
                             words_of(word), found.at("documents").get<uint64_t>(), documents, 100 * found.at("upper_share").get<double>(),
                             found.at("upper_per_1000").get<double>());
    for (const json& id : entry.at("ids").at(word)) std::cout << "      " << base::visible(id.get<std::string>()) << "\n";
  }
}

ExitCode record(const Arguments& arguments, const artifact::RunDirectory& run) {
  const fs::path file = arguments.text("findings");
  const std::string inspector = arguments.text("by");
  if (inspector.empty()) throw Error(ExitCode::usage, "hone review --findings needs --by NAME: whoever looked at the documents signs for it");
  const json findings = base::read_json(file);
  const artifact::DirectoryLock lock(run.lock());
  const corpus::ReviewSample sample = corpus::draw_sample(run.corpus(), corpus::options_of(findings, file.string()));
  const corpus::Answers answers = corpus::answers_of(sample, findings, file.string());
  const json entry = corpus::record_review(run, sample, answers, inspector, base::utc_now());
  plan::rewrite_reports(run);
  if (arguments.has("json")) std::cout << base::json_text(entry);
  else print_entry(entry);
  return ExitCode::done;
}

ExitCode make_page(const Arguments& arguments, const artifact::RunDirectory& run) {
  const corpus::ReviewSample sample = corpus::draw_sample(run.corpus(), options_from(arguments));
  write_page(arguments.text("html"), report::review_html(corpus::to_json(sample), page_language(run)));
  base::say(fmt::format("{} of {} documents; open the page, save the findings there, then: hone review {} --findings FILE --by NAME",
                        sample.documents.size(), base::human_count(sample.population), arguments.positional[0]));
  return ExitCode::done;
}

ExitCode ask(const Arguments& arguments, const artifact::RunDirectory& run) {
  const corpus::ReviewSample sample = corpus::draw_sample(run.corpus(), options_from(arguments));
  const fs::path file = arguments.text("to", "findings-" + sample.id + ".json");
  corpus::Answers answers(sample.documents.size());
  if (fs::exists(file)) answers = corpus::answers_of(sample, base::read_json(file), file.string());  // goes on where it was left
  const bool all = ask_inspector(sample, answers, file, std::cin, std::cout, std::cerr, base::output_colours());
  if (all) base::say(fmt::format("all answered; now: hone review {} --findings {} --by NAME", arguments.positional[0], file.string()));
  else base::say("saved; the same command goes on from here");
  std::cout << file.string() << "\n";
  return all ? ExitCode::done : ExitCode::busy;
}

}  // namespace

ExitCode review(const Arguments& arguments) {
  const artifact::RunDirectory run = run_with_corpus(arguments);
  if (arguments.has("findings")) return record(arguments, run);
  if (arguments.has("by")) throw Error(ExitCode::usage, "hone review --by goes with --findings FILE");
  return arguments.has("html") ? make_page(arguments, run) : ask(arguments, run);
}

}  // namespace hone::commands
