#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/json_file.h"
#include "report/html.h"
#include "report/look.h"
#include "report/report.h"
#include "report/verdict.h"
#include "tasks/gates.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr Text kSummaryTitle{"# {0}: {1}", "# {0}: {1}"};
constexpr Text kGate{"Gate", "조건"};
constexpr Text kAsked{"Asked", "기준"};
constexpr Text kFound{"Found", "결과"};
constexpr Text kOutcome{"Outcome", "판정"};
constexpr Text kModel{"Model: {0} parameters, trained on {1} tokens.",
                      "모델: 파라미터 {0}개, 학습 토큰 {1}개."};

/// Markdown that shows `text` as it stands: no markup, no cell borders, no lines of its own.
std::string plain_markdown(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      result += ' ';
      continue;
    }
    if (std::string_view("\\`*_{}[]<>()#+|!~&").find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string junit_message(const json& gate, const char* element) {
  const std::string sentence = escaped(words(gate, "/sentence"));
  return fmt::format("      <{0} message=\"{1}\">{1}</{0}>\n", element, sentence);
}

/// "REJECT: a gate failed."
std::string short_verdict(const json& report) {
  const std::string word = words(report, "/facts/evaluation/verdict");
  switch (tasks::verdict_of(word)) {
    case tasks::Verdict::promote:
      return word + ": every gate passed.";
    case tasks::Verdict::reject:
      return word + ": a gate failed.";
    case tasks::Verdict::inconclusive:
      break;
  }
  return word + (too_few_documents(report) ? ", as expected with so few held-out documents."
                                           : ": the evidence is not enough.");
}

}  // namespace

std::string report_junit(const json& report) {
  std::string cases;
  int failures = 0, skipped = 0;
  for (const json& gate : look(report, "/facts/evaluation/gates")) {
    const std::string outcome = words(gate, "/outcome");
    const std::string over = words(gate, "/over");
    const std::string name =
        words(gate, "/metric") + " " + words(gate, "/rule") + (over.empty() ? "" : " over " + over);
    cases += fmt::format("    <testcase classname=\"gates\" name=\"{}\">\n", escaped(name));
    if (outcome == "fail") {
      ++failures;
      cases += junit_message(gate, "failure");
    } else if (outcome != "pass") {
      ++skipped;  // JUnit's nearest word for "could not be decided"
      cases += fmt::format("      <skipped message=\"{}\"/>\n", escaped(words(gate, "/sentence")));
    } else {
      cases += fmt::format("      <system-out>{}</system-out>\n", escaped(words(gate, "/sentence")));
    }
    cases += "    </testcase>\n";
  }
  const size_t tests = look(report, "/facts/evaluation/gates").size();
  const std::string counts =
      fmt::format("tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\"", tests, failures, skipped);
  const std::string name = escaped(words(report, "/name"));
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{0}\" {1}>\n  <testsuite name=\"{0}\" "
      "{1}>\n"
      "    <properties>\n      <property name=\"verdict\" value=\"{2}\"/>\n      <property name=\"lineage\" "
      "value=\"{3}\"/>\n"
      "    </properties>\n{4}  </testsuite>\n</testsuites>\n",
      name, counts, escaped(words(report, "/facts/evaluation/verdict")), escaped(words(report, "/lineage")),
      cases);
}

std::string report_summary(const json& report, recipe::Language language) {
  const Voice voice(language);
  const VerdictWords verdict = verdict_words(report, voice);
  std::string text = voice(kSummaryTitle, {plain_markdown(words(report, "/name")), verdict.word}) + "\n\n" +
                     "**" + verdict.headline + "**\n\n";
  for (const std::string& sentence : verdict.sentences) text += plain_markdown(sentence) + "\n\n";
  const json& gates = look(report, "/facts/evaluation/gates");
  if (!gates.empty()) {
    text += fmt::format("| {} | {} | {} | {} |\n| --- | --- | --- | --- |\n", voice(kGate), voice(kAsked),
                        voice(kFound), voice(kOutcome));
    for (const json& gate : gates)
      text += fmt::format("| {} | {} | {} | {} |\n", plain_markdown(words(gate, "/metric")),
                          plain_markdown(gate_rule(gate, voice)), plain_markdown(gate_sentence(gate, voice)),
                          outcome_word(gate, voice));
    text += "\n";
  }
  if (look(report, "/facts/training").is_object())
    text += plain_markdown(voice(kModel, {voice.count(number(report, "/facts/training/parameters")),
                                          voice.count(number(report, "/facts/training/tokens"))})) +
            "\n";
  return text;
}

ExitCode exit_code_of(const json& report) {
  return tasks::exit_code(tasks::verdict_of(words(report, "/facts/evaluation/verdict")));
}

std::vector<std::string> closing_lines(const json& report, const artifact::RunDirectory& run) {
  const Voice voice(recipe::Language::en);
  const json& training = look(report, "/facts/training");
  std::string made = fmt::format(
      "model    {} parameters, {} tokens in {} steps", voice.count(number(training, "/parameters")),
      voice.count(number(training, "/tokens")), voice.count(number(training, "/steps")));
  if (std::isfinite(number(report, "/measured/training_seconds")))
    made += ", " + voice.duration(number(report, "/measured/training_seconds"));
  return {made + ": " + run.exported().string(),
          "verdict  " + short_verdict(report) + " " + improvement_sentence(report, voice),
          "report   " + (run.report() / artifact::kReportHtml).string()};
}

void write_report(const std::filesystem::path& directory, const json& report, recipe::Language language) {
  base::write_file(directory / artifact::kReportJson, base::json_text(report));
  base::write_file(directory / artifact::kReportHtml, report_html(report, language));
  base::write_file(directory / artifact::kJUnit, report_junit(report));
  base::write_file(directory / artifact::kSummary, report_summary(report, language));
}

}  // namespace hone::report
