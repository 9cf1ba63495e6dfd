#pragma once
/// The steps by which tokenizer.json cuts a text into words before merging: known patterns, expressions, strings, digits.
/// What a step's pattern matches and what lies between become words as its behaviour says (tokenizers' SplitDelimiterBehavior).
#include <string_view>
#include <vector>

#include "tokenizer/tokenizer_json.h"

namespace hone::tokenizer {

/// Words of `text` by a step that has no scanner of its own, in order; none is empty.
std::vector<TextRange> words_of(const SplitStep& step, std::string_view text);

/// Calls on_word(begin, end) for each word of `text`, which is valid UTF-8.
template <typename OnWord>
void for_each_word(const SplitStep& step, std::string_view text, OnWord on_word) {
  if (step.by == SplitStep::By::pattern) {
    for (size_t begin = 0; begin < text.size();) {
      const size_t end = word_end(step.pattern, text, begin);
      on_word(begin, end);
      begin = end;
    }
    return;
  }
  for (const TextRange& word : words_of(step, text)) on_word(word.begin, word.end);
}

}  // namespace hone::tokenizer
