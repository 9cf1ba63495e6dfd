#pragma once
/// Cuts a text into the words that byte-level BPE merges inside of, as the regular expressions of GPT-2, Llama 3 and Qwen 2 do.
///
/// The expressions are known, so they are hand-written here, which is a hundred times as fast as running them; a vocabulary with
/// another expression is refused by name. Character classes: Unicode general categories L and N, property White_Space (ICU).
///   GPT-2   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
///   Llama 3 (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
///   Qwen 2  as Llama 3 with \p{N} for \p{N}{1,3}
#include <cstddef>
#include <optional>
#include <string_view>

namespace hone::tokenizer {

enum class SplitPattern { gpt2, llama3, qwen2 };

/// The pattern whose regular expression this is; nothing when it is none of them.
std::optional<SplitPattern> split_pattern_of(std::string_view regex);

/// Where the word that begins at `begin` ends. `text` is valid UTF-8, begin < text.size(). Always moves on.
size_t word_end(SplitPattern pattern, std::string_view text, size_t begin);

}  // namespace hone::tokenizer
