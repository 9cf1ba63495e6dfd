#pragma once
/// A text under edit, with the way back to the text as read.
///
/// At any time text() equals original() with spans() replaced; spans are sorted, do not overlap and each belongs to one rule.
/// When an edit touches text that an earlier rule put there, the two become one span, which belongs to the rule that says more
/// (anything over normalise, else the later); the others stand in `also`. A deletion around earlier deletions leaves those
/// their own spans. A span that restores the original text disappears.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "corpus/outcome.h"

namespace hone::corpus {

class TextMap {
 public:
  struct Span {
    size_t original_begin = 0, original_end = 0;  ///< Bytes of original().
    size_t begin = 0, end = 0;                    ///< Bytes of text().
    uint16_t rule = 0;
    Family family = Family::normalise;
    std::string_view kind;
    std::vector<uint16_t> also;  ///< Other rules with a part in this span, ascending.
  };

  explicit TextMap(std::string original) : original_(std::move(original)) {}
  /// Takes up an earlier state; `spans` as from spans(), `replacements` their texts in order.
  TextMap(std::string original, std::vector<Span> spans, const std::vector<std::string>& replacements);

  const std::string& original() const { return original_; }
  std::string take_original() && { return std::move(original_); }
  const std::string& text() const { return spans_.empty() ? original_ : text_; }
  const std::vector<Span>& spans() const { return spans_; }
  std::string_view original_of(const Span& span) const;
  std::string_view replacement_of(const Span& span) const;

  /// The bytes of original() that [begin, end) of text() stands for; whole replacements where it cuts one.
  std::pair<size_t, size_t> original_range(size_t begin, size_t end) const;

  /// Carries out the edits of rule number `rule` on text(); `family` holds for edits that name none.
  void apply(std::vector<Edit> edits, uint16_t rule, Family family);

 private:
  std::string original_;
  std::string text_;  ///< Unused while there are no spans.
  std::vector<Span> spans_;
};

}  // namespace hone::corpus
