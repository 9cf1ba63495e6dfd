#pragma once
/// What stands between the last word of a line and the first word of the next, once they are one paragraph: a
/// space, nothing, or nothing with the hyphen gone.
///
/// Hyphens: one at a line end is the type setter's or the author's. The document's own other words decide
/// ("package-" + "based" is not set as one word elsewhere; "mainte-" + "nance" is); where they do not know,
/// parts that are words of their own keep it, and all do in a document whose line ends never cut a word it
/// has elsewhere. Korean: most programs break lines between words, some (Hangul by default, Word when told)
/// between any two syllables. Which a document does is measured by how often the next syllable would still
/// have fitted; then its words decide, then particles.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "document/pdf_words.h"

namespace hone::document {

class LineJoints {
 public:
  /// Takes the words of a document that stand inside lines; `lines` of all pages.
  void learn(const PageLine& line);
  /// A pair of lines of one paragraph; `edge` is where lines of this column end at the right.
  void measure(const PageLine& above, const PageLine& below, double edge);

  /// What joins the text so far, whose last word is `last`, with `first`. Sets `drop_hyphen` when the last
  /// byte(s) of `last` go.
  std::string_view between(std::string_view last, std::string_view first, bool& drop_hyphen) const;

 private:
  bool known(std::string_view word) const;
  bool breaks_inside_words() const;
  std::string_view korean(std::string_view last, std::string_view first) const;
  bool keeps_hyphen(std::string_view stem, std::string_view rest) const;

  std::unordered_map<std::string, uint32_t> words_;
  double natural_space() const;

  static constexpr size_t kSpaceSteps = 100;
  std::array<uint32_t, kSpaceSteps + 1>
      spaces_{};  ///< Spaces between words by width, in hundredths of a line's height.
  size_t pairs_ = 0, roomy_ = 0;
  size_t hyphens_ = 0, set_hyphens_ = 0;  ///< At line ends; of them those whose word stands whole elsewhere.
};

}  // namespace hone::document
