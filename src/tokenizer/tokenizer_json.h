#pragma once
/// Reads tokenizer.json, the `tokenizers` library's own form, as far as Llama, Qwen and GPT-2 style vocabularies use it:
///   model           BPE (byte-level, or characters with byte fallback)
///   normalizer      none, NFC, Prepend, Replace of a string, Sequence of these
///   pre_tokenizer   none, ByteLevel, Split by one of the known expressions (split_pattern.h), Metaspace, Sequence of these
///   decoder         ByteLevel; Replace, ByteFallback, Fuse, Strip; Metaspace
///   post_processor  TemplateProcessing, ByteLevel, Sequence
/// Anything else is an error that names it: a vocabulary read almost right would feed a model other ids than it was trained on.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tokenizer/added_tokens.h"
#include "tokenizer/bpe.h"
#include "tokenizer/split_pattern.h"

namespace hone::tokenizer {

/// When a text gets the blank that vocabularies of words with "▁" put before it.
enum class Prefix { never, every_part, first_part };

struct TokenizerJson {
  std::vector<std::string> pieces;  ///< As the file spells them, by id; empty where an id has none.
  std::vector<std::pair<std::string, std::string>> merges;
  BpeOptions bpe;
  std::vector<AddedToken> added;
  size_t added_beside = 0;          ///< The last of them stand in other files (side_files.h).
  bool nfc = false;
  bool spaces_to_marks = false;     ///< " " becomes "▁".
  Prefix prefix = Prefix::never;
  bool prefix_only_once = false;    ///< Metaspace: a part that begins with "▁" gets no other.
  bool add_prefix_space = false;    ///< ByteLevel: a text that begins without a blank gets one.
  std::optional<SplitPattern> split;  ///< Nothing: a part is one word.
  bool splits_at_marks = false;     ///< Metaspace with split: every "▁" begins a word.
  bool strips_prefix = false;       ///< Decoding takes one blank from the beginning.
  std::vector<int32_t> opening, closing;  ///< What the post-processor puts around a text.
};

/// Throws data with `where` for what is damaged or not among the above.
TokenizerJson parse_tokenizer_json(std::string_view content, const std::string& where);

}  // namespace hone::tokenizer
