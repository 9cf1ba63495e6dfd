#include "corpus/own_rule_terms.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/nearest.h"
#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

constexpr int64_t kSetMemory = 64 << 20;

/// Particles and forms of the copula that stand behind a Korean noun.
constexpr std::string_view kParticles =
    "(?:들|이|가|은|는|을|를|의|에|에게|께|한테|에서|로|으로|로서|으로서|로써|으로써|와|과|랑|이랑|도|만|까지|부터|마다|마저|조차|밖에|보다|처럼|같이|"
    "이나|나|이든|든|라도|이라도|이라|라|이란|란|이라는|라는|이며|며|이고|고|이자|이다|다|이므로|므로|이지만|지만|이면|면|이었다|였다|입니다|입니까|"
    "이에요|예요|이죠|죠|이오니|임|인|인지|이냐|요){0,3}";

RE2::Options quiet() {
  RE2::Options options;
  options.set_log_errors(false);
  return options;
}

bool is_ascii_word(char32_t c) { return c < 0x80 && (std::isalnum(static_cast<int>(c)) != 0 || c == '_'); }

std::string keyword_pattern(const std::string& word) {
  size_t first_end = 0, last_begin = word.size();
  const char32_t first = next_code_point(word, first_end), last = previous_code_point(word, last_begin);
  std::string pattern = "(?i)";
  if (is_hangul_syllable(first)) pattern += "(?:^|[^가-힣])";
  if (is_ascii_word(first)) pattern += "(?:^|[^0-9A-Za-z_])";
  for (size_t begin = 0; begin < word.size();) {
    const size_t end = std::min(word.find(' ', begin), word.size());
    pattern += (begin > 0 ? "\\s+" : "") + RE2::QuoteMeta(re2::StringPiece(word.data() + begin, end - begin));
    begin = std::min(word.find_first_not_of(' ', end), word.size());
  }
  if (is_hangul_syllable(last)) pattern += std::string(kParticles) + "(?:[^가-힣]|$)";
  if (is_ascii_word(last)) pattern += "(?:[^0-9A-Za-z_]|$)";
  return pattern;
}

/// Whether a pattern finds nothing somewhere, and with it a match in every text.
bool matches_empty(const RE2& pattern) {
  for (const std::string_view probe : {"", "a", "가", "1", " ", "a b.\n"}) {
    re2::StringPiece found;
    const re2::StringPiece text(probe.data(), probe.size());
    if (pattern.Match(text, 0, text.size(), RE2::UNANCHORED, &found, 1) && found.empty()) return true;
  }
  return false;
}

std::vector<std::unique_ptr<RE2>> compile_patterns(const std::vector<std::string>& patterns, const std::string& key,
                                                   std::vector<OwnRuleProblem>& problems) {
  std::vector<std::unique_ptr<RE2>> compiled;
  for (size_t i = 0; i < patterns.size(); ++i) {
    auto pattern = std::make_unique<RE2>(patterns[i], quiet());
    const std::string place = fmt::format("{}.{}", key, i);
    if (!pattern->ok()) problems.push_back({place, fmt::format("{} is not a pattern of RE2: {}", patterns[i], pattern->error())});
    else if (matches_empty(*pattern)) problems.push_back({place, fmt::format("{} also matches where nothing stands, and so everywhere", patterns[i])});
    compiled.push_back(std::move(pattern));
  }
  return compiled;
}

std::optional<Family> family_named(std::string_view name) {
  for (uint8_t i = 0; i <= static_cast<uint8_t>(Family::normalise); ++i) {
    if (name_of(static_cast<Family>(i)) == name) return static_cast<Family>(i);
  }
  return std::nullopt;
}

std::string did_you_mean(const std::string& name, const std::vector<std::string>& names) {
  const auto near = base::nearest(name, names);
  return near ? fmt::format("did you mean {}?", *near) : fmt::format("there are {}", fmt::join(names, ", "));
}

class Checker {
 public:
  Checker(const recipe::OwnRuleOptions& options, std::vector<OwnRuleProblem>& problems) : options_(options), problems_(problems) {}

  void name() {
    if (options_.name.empty()) wrong("name", "a rule needs a name for recipes and ledgers");
    if (options_.name.find_first_of(" \t\n,") != std::string::npos) wrong("name", options_.name + " has white space or a comma in it");
  }

  void purpose() {
    const bool condition = !options_.drop.empty() || !options_.keywords.empty() || !options_.attribute.empty();
    if (!options_.drop.empty() && !options_.replace.empty()) wrong("replace", "a rule drops documents or replaces text in them, not both; write two rules");
    if (!condition && options_.replace.empty()) wrong("name", "the rule does nothing: write drop, replace, keywords or attribute");
    if (options_.replace.empty() && !options_.replacement.empty()) wrong("replacement", "there is no replace: pattern for it");
  }

  void keywords() {
    for (size_t i = 0; i < options_.keywords.size(); ++i) {
      const std::string& word = options_.keywords[i];
      if (word.find_first_not_of(" \t\n") == std::string::npos) wrong(fmt::format("keywords.{}", i), "a keyword must not be empty");
    }
    if (options_.keywords.empty() && options_.at_least > 1) wrong("at_least", "there are no keywords");
    if (!options_.keywords.empty() && options_.at_least > static_cast<int64_t>(options_.keywords.size()))
      wrong("at_least", fmt::format("{} different keywords cannot occur; there are {}", options_.at_least, options_.keywords.size()));
  }

  std::optional<Attribute> attribute() {
    const bool bounded = options_.above || options_.below;
    if (options_.attribute.empty()) {
      if (bounded) wrong(options_.above ? "above" : "below", "compares an attribute; write attribute: too");
      return std::nullopt;
    }
    const auto found = find_attribute(options_.attribute);
    if (!found) wrong("attribute", fmt::format("{} is not an attribute; {}", options_.attribute, did_you_mean(options_.attribute, attribute_names())));
    if (!bounded) wrong("attribute", "an attribute is compared with above: or below: a number");
    return found;
  }

  Family family() {
    const auto found = family_named(options_.family);
    std::vector<std::string> names;
    for (uint8_t i = 0; i <= static_cast<uint8_t>(Family::normalise); ++i) names.emplace_back(name_of(static_cast<Family>(i)));
    if (!found) wrong("family", fmt::format("{} is not a family; {}", options_.family, did_you_mean(options_.family, names)));
    return found.value_or(Family::quality);
  }

  void replacement(const std::vector<std::unique_ptr<RE2>>& patterns) {
    for (const auto& pattern : patterns) {
      std::string error;
      if (pattern->ok() && !pattern->CheckRewriteString(options_.replacement, &error)) wrong("replacement", error);
    }
  }

 private:
  void wrong(std::string key, std::string message) { problems_.push_back({std::move(key), std::move(message)}); }

  const recipe::OwnRuleOptions& options_;
  std::vector<OwnRuleProblem>& problems_;
};

}  // namespace

Keywords::Keywords(const std::vector<std::string>& words, int64_t at_least)
    : set_([] {
        RE2::Options options = quiet();
        options.set_max_mem(kSetMemory);
        return options;
      }(), RE2::UNANCHORED), at_least_(static_cast<size_t>(at_least)) {
  for (const std::string& word : words) {
    const std::string pattern = keyword_pattern(word);
    set_.Add(pattern, nullptr);
    singles_.push_back(std::make_unique<RE2>(pattern, quiet()));
  }
  if (!set_.Compile()) at_least_ = std::max<size_t>(at_least_, 1);
}

bool Keywords::are_in(std::string_view text) const {
  const re2::StringPiece whole(text.data(), text.size());
  std::vector<int> found;
  RE2::Set::ErrorInfo error{};
  if (set_.Match(whole, &found, &error)) return found.size() >= at_least_;
  if (error.kind == RE2::Set::kNoError) return false;
  const auto count = std::count_if(singles_.begin(), singles_.end(), [&](const auto& single) { return RE2::PartialMatch(whole, *single); });
  return static_cast<size_t>(count) >= at_least_;
}

OwnRuleTerms OwnRuleTerms::compile(const recipe::OwnRuleOptions& options, std::vector<OwnRuleProblem>& problems) {
  OwnRuleTerms terms;
  const size_t before = problems.size();
  Checker check(options, problems);
  check.name();
  check.purpose();
  terms.drop = compile_patterns(options.drop, "drop", problems);
  terms.replace = compile_patterns(options.replace, "replace", problems);
  check.replacement(terms.replace);
  check.keywords();
  terms.attribute = check.attribute();
  terms.family = check.family();
  if (problems.size() == before && !options.keywords.empty()) terms.keywords = std::make_unique<Keywords>(options.keywords, options.at_least);
  return terms;
}

}  // namespace hone::corpus
