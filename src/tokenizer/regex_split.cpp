#include "tokenizer/regex_split.h"

#include <fmt/format.h>
#include <unicode/regex.h>
#include <unicode/utf8.h>

#include <cstdint>

#include "base/error.h"

namespace hone::tokenizer {
namespace {

/// For one match; ICU's unit is 10 000 steps of its machine, and a word of a million letters needs some hundred.
constexpr int32_t kMaxSteps = 2'000;
constexpr int32_t kMaxStackBytes = 16 << 20;

std::string with_white_space(std::string_view expression) {
  std::string out;
  for (size_t i = 0; i < expression.size(); ++i) {
    if (expression[i] != '\\' || i + 1 == expression.size()) {
      out += expression[i];
      continue;
    }
    const char next = expression[++i];
    if (next == 's') out += "\\p{White_Space}";
    else if (next == 'S') out += "\\P{White_Space}";
    else out += std::string{'\\', next};
  }
  return out;
}

}  // namespace

struct RegexSplit::Compiled {
  std::unique_ptr<icu::RegexPattern> pattern;
};

RegexSplit::RegexSplit(std::string_view expression, const std::string& where) {
  UErrorCode status = U_ZERO_ERROR;
  UParseError place{};
  auto compiled = std::make_unique<Compiled>();
  compiled->pattern.reset(icu::RegexPattern::compile(icu::UnicodeString::fromUTF8(with_white_space(expression)), 0, place, status));
  if (U_FAILURE(status) || !compiled->pattern)
    throw Error(ExitCode::data, fmt::format("{}: the expression {} is not one that Hone reads ({})", where, expression, u_errorName(status)));
  compiled_ = std::move(compiled);
}

RegexSplit::~RegexSplit() = default;
RegexSplit::RegexSplit(RegexSplit&&) noexcept = default;
RegexSplit& RegexSplit::operator=(RegexSplit&&) noexcept = default;

std::vector<TextRange> RegexSplit::matches(std::string_view text) const {
  icu::UnicodeString wide;
  std::vector<size_t> bytes;  // where each UTF-16 unit stands in `text`
  bytes.reserve(text.size() + 1);
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(text.data(), at, text.size(), c);
    wide.append(c);
    bytes.insert(bytes.end(), c > 0xFFFF ? 2 : 1, begin);
  }
  bytes.push_back(text.size());
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::RegexMatcher> matcher(compiled_->pattern->matcher(wide, status));
  std::vector<TextRange> found;
  if (U_SUCCESS(status)) {
    matcher->setTimeLimit(kMaxSteps, status);
    matcher->setStackLimit(kMaxStackBytes, status);
    while (U_SUCCESS(status) && matcher->find(status)) {
      const TextRange range{bytes[static_cast<size_t>(matcher->start(status))], bytes[static_cast<size_t>(matcher->end(status))]};
      if (range.end > range.begin) found.push_back(range);
    }
  }
  if (U_FAILURE(status))
    throw Error(ExitCode::data, fmt::format("the vocabulary's expression for words cannot be run over a text of {} bytes ({}); split the text into smaller documents, or use another vocabulary",
                                            text.size(), u_errorName(status)));
  return found;
}

}  // namespace hone::tokenizer
