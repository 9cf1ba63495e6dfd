#include "tokenizer/word_split.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace hone::tokenizer {
namespace {

/// A stretch of the text that the pattern matches, or that lies between.
struct Stretch {
  TextRange range;
  bool matches = false;
};

std::vector<TextRange> literal_matches(std::string_view text, std::string_view literal) {
  std::vector<TextRange> found;
  for (size_t at = text.find(literal); at != text.npos; at = text.find(literal, at + literal.size())) found.push_back({at, at + literal.size()});
  return found;
}

std::vector<TextRange> digit_matches(std::string_view text) {
  std::vector<TextRange> found;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    UChar32 c = 0;
    U8_NEXT_UNSAFE(text.data(), at, c);
    if ((U_GET_GC_MASK(c) & U_GC_N_MASK) != 0) found.push_back({begin, at});
  }
  return found;
}

std::vector<Stretch> stretches(const SplitStep& step, std::string_view text) {
  std::vector<TextRange> found = step.by == SplitStep::By::literal      ? literal_matches(text, step.literal)
                                 : step.by == SplitStep::By::expression ? step.expression->matches(text)
                                                                        : digit_matches(text);
  std::vector<Stretch> all;
  size_t done = 0;
  for (const TextRange& match : found) {
    if (match.begin > done) all.push_back({{done, match.begin}, step.invert});
    all.push_back({match, !step.invert});
    done = match.end;
  }
  if (done < text.size()) all.push_back({{done, text.size()}, step.invert});
  return all;
}

}  // namespace

std::vector<TextRange> words_of(const SplitStep& step, std::string_view text) {
  using Behavior = SplitStep::Behavior;
  std::vector<TextRange> words;
  bool before = false;  // whether the stretch before is a match
  for (const Stretch& stretch : stretches(step, text)) {
    bool joins = false;  // the word before
    switch (step.behavior) {
      case Behavior::isolated: break;
      case Behavior::removed:
        if (stretch.matches) continue;
        break;
      case Behavior::contiguous: joins = stretch.matches == before; break;
      case Behavior::merged_with_previous: joins = stretch.matches && !before; break;
      case Behavior::merged_with_next: joins = !stretch.matches && before; break;
    }
    if (joins && !words.empty()) words.back().end = stretch.range.end;
    else words.push_back(stretch.range);
    before = stretch.matches;
  }
  return words;
}

}  // namespace hone::tokenizer
