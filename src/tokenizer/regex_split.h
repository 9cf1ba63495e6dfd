#pragma once
/// Regular expressions of tokenizer.json that have no scanner of their own (split_pattern.h), run by ICU. Slow, for vocabularies that
/// are met seldom. The `tokenizers` library runs them by Oniguruma, whose \s is Unicode's White_Space; \s and \S are rewritten so.
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hone::tokenizer {

/// Bytes [begin, end) of a text.
struct TextRange {
  size_t begin = 0, end = 0;
};

class RegexSplit {
 public:
  /// Throws data naming `where` for an expression that ICU does not take.
  RegexSplit(std::string_view expression, const std::string& where);
  ~RegexSplit();
  RegexSplit(RegexSplit&&) noexcept;
  RegexSplit& operator=(RegexSplit&&) noexcept;

  /// All matches that are not empty, in order. `text` is valid UTF-8. Throws data when the expression takes too long for it.
  std::vector<TextRange> matches(std::string_view text) const;

 private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace hone::tokenizer
