#pragma once
/// A text in one spelling, for looking things up in it, with the way back to the text itself.
///
/// In the shadow, digits, letters and signs of other widths and fonts are the plain ones (the Unicode compatibility mappings wide,
/// narrow, font and no-break; decimal digits of every script), what is composed differently is composed one way (NFC), every dash
/// is "-", a middle dot between digits is ".", white space is a space or a newline, and what shows nothing is not there. Mappings
/// that would glue a mark to a number (circled and raised digits) are left out.
/// Invariant: every byte of the shadow comes from whole characters of the text, in the same order.
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hone::corpus {

class Shadow {
 public:
  /// Takes a view of `text`, which must outlive the shadow, when there is nothing to fold; valid UTF-8.
  explicit Shadow(std::string_view text);
  Shadow(const Shadow&) = delete;
  Shadow& operator=(const Shadow&) = delete;

  std::string_view text() const { return folded_ ? std::string_view{shadow_} : source_; }
  bool differs() const { return folded_; }
  /// The bytes of the source whose characters give [begin, end) of text(); begin < end.
  std::pair<size_t, size_t> source_range(size_t begin, size_t end) const;

 private:
  /// A stretch of the shadow that is spelt otherwise than in the source. Between pieces the bytes are the same.
  struct Piece {
    size_t begin, end;                ///< Of the shadow; equal where something was left out.
    size_t source_begin, source_end;  ///< Of the source.
  };
  void fold();
  void put(std::string_view folded, size_t source_begin, size_t source_end);
  /// Joins the characters around a mark at [begin, end) and returns where the cluster ends.
  size_t compose(size_t begin, size_t end);
  /// The last character before source position `begin`, as the shadow has it.
  char32_t shadow_end(size_t begin) const;
  size_t source_at(size_t position, bool as_end) const;

  std::string_view source_;
  std::string shadow_;
  std::vector<Piece> pieces_;
  size_t copied_ = 0;  ///< Source bytes that are in the shadow.
  bool folded_ = false;
};

}  // namespace hone::corpus
