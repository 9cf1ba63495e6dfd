#include "corpus/rules/own_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <set>

#include "base/error.h"
#include "corpus/unicode.h"
#include "document/document.h"

namespace hone::corpus {
namespace {

constexpr size_t kExcerpt = 60;

/// Ledgers want words with static storage; the rules of a process have few names.
std::string_view kept_name(const std::string& name) {
  static std::mutex mutex;
  static std::set<std::string> names;
  const std::lock_guard lock(mutex);
  return *names.insert(name).first;
}

bool lists(const std::vector<std::string>& list, std::string_view what) {
  return list.empty() || std::find(list.begin(), list.end(), what) != list.end();
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

std::string edited(std::string_view text, const std::vector<Edit>& edits) {
  std::string result;
  size_t at = 0;
  for (const Edit& edit : edits) {
    result.append(text.substr(at, edit.begin - at)).append(edit.replacement);
    at = edit.end;
  }
  return result.append(text.substr(at));
}

/// Runs examples as documents that the rule is for.
class ExampleRunner {
 public:
  ExampleRunner(const recipe::OwnRuleOptions& options, std::vector<OwnRuleProblem>& problems)
      : rule_(options), options_(options), problems_(problems) {
    if (!options.sources.empty()) document_.source = options.sources.front();
    if (!options.languages.empty()) language_.code = options.languages.front();
  }

  void run() {
    const recipe::OwnRuleExamples& examples = options_.examples;
    for (size_t i = 0; i < examples.keeps.size(); ++i) {
      const Outcome outcome = judged(examples.keeps[i]);
      if (outcome.verdict == Verdict::drop) wrong("keeps", i, examples.keeps[i], "is dropped");
      if (outcome.verdict == Verdict::edit) wrong("keeps", i, examples.keeps[i], "becomes " + quoted(edited(examples.keeps[i], outcome.edits)));
    }
    for (size_t i = 0; i < examples.drops.size(); ++i) {
      const Outcome outcome = judged(examples.drops[i]);
      if (outcome.verdict != Verdict::drop) wrong("drops", i, examples.drops[i], "is kept" + measured(outcome));
    }
    for (size_t i = 0; i < examples.replaces.size(); ++i) {
      const recipe::ReplacementExample& example = examples.replaces[i];
      const Outcome outcome = judged(example.from);
      const std::string result = edited(example.from, outcome.edits);
      if (outcome.verdict == Verdict::drop) wrong("replaces", i, example.from, "is dropped");
      else if (result != example.to) wrong("replaces", i, example.from, "becomes " + quoted(result) + ", not " + quoted(example.to));
    }
  }

 private:
  Outcome judged(const std::string& text) const { return rule_.judge({text, text, document_, language_, 0}); }
  static std::string quoted(const std::string& text) { return "\"" + excerpt(text, kExcerpt) + "\""; }
  static std::string measured(const Outcome& outcome) {
    return outcome.findings.empty() ? "" : fmt::format("; its {} is {:g}", outcome.findings[0].name, outcome.findings[0].value);
  }
  void wrong(const char* list, size_t i, const std::string& text, const std::string& what) {
    problems_.push_back({fmt::format("examples.{}.{}", list, i), quoted(text) + " " + what});
  }

  OwnRule rule_;
  const recipe::OwnRuleOptions& options_;
  std::vector<OwnRuleProblem>& problems_;
  document::Document document_;
  Language language_;
};

}  // namespace

OwnRule::OwnRule(recipe::OwnRuleOptions options) : options_(std::move(options)) {
  std::vector<OwnRuleProblem> problems;
  terms_ = OwnRuleTerms::compile(options_, problems);
  if (!problems.empty())
    throw Error(ExitCode::usage, fmt::format("corpus.own_rules: {}: {}: {}", options_.name, problems.front().key, problems.front().message));
  kind_ = kept_name(options_.name);
}

bool OwnRule::is_for(const DocumentView& document) const {
  return lists(options_.sources, document.document.source) && lists(options_.languages, document.language.code);
}

Outcome OwnRule::judge(const DocumentView& document) const {
  Outcome outcome;
  if (!is_for(document)) return outcome;
  bool meant = true;
  if (terms_.attribute) {
    const Finding finding = measures_of(document.text).finding(*terms_.attribute);
    outcome.findings.push_back(finding);
    meant = (options_.above && finding.value > *options_.above) || (options_.below && finding.value < *options_.below);
  }
  if (meant && terms_.keywords) meant = terms_.keywords->are_in(document.text);
  const auto matches = [&](const std::unique_ptr<RE2>& pattern) { return RE2::PartialMatch(piece(document.text), *pattern); };
  if (meant && !terms_.drop.empty()) meant = std::any_of(terms_.drop.begin(), terms_.drop.end(), matches);
  if (!meant) return outcome;
  if (terms_.replace.empty()) {
    outcome.verdict = Verdict::drop;
    outcome.reason = options_.reason.empty() ? options_.name : options_.reason;
    return outcome;
  }
  outcome.edits = replacements(document.text);
  if (!outcome.edits.empty()) outcome.verdict = Verdict::edit;
  return outcome;
}

std::vector<Edit> OwnRule::replacements(std::string_view text) const {
  std::vector<Edit> edits;
  for (const auto& pattern : terms_.replace) {
    const size_t earlier = edits.size();
    std::vector<re2::StringPiece> groups(static_cast<size_t>(RE2::MaxSubmatch(options_.replacement)) + 1);
    size_t next = 0;  // of the edits of earlier patterns, which are in order
    for (size_t at = 0; pattern->Match(piece(text), at, text.size(), RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size()));) {
      const auto begin = static_cast<size_t>(groups[0].data() - text.data()), end = begin + groups[0].size();
      at = end;
      if (begin == end) {  // \b and the like: nothing to replace
        if (end == text.size()) break;
        next_code_point(text, at);
        continue;
      }
      while (next < earlier && edits[next].end <= begin) ++next;
      if (next < earlier && edits[next].begin < end) continue;
      std::string replacement;
      pattern->Rewrite(&replacement, options_.replacement, groups.data(), static_cast<int>(groups.size()));
      if (replacement != text.substr(begin, end - begin)) edits.push_back({begin, end, std::move(replacement), kind_, {}});
    }
    std::sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
  }
  return edits;
}

std::vector<OwnRuleProblem> check_own_rule(const recipe::OwnRuleOptions& options) {
  std::vector<OwnRuleProblem> problems;
  OwnRuleTerms::compile(options, problems);
  if (problems.empty()) ExampleRunner(options, problems).run();
  return problems;
}

}  // namespace hone::corpus
