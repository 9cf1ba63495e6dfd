#pragma once
/// What stands beside a vocabulary in a model folder: names of special tokens and tokens behind the vocabulary.
///   tokenizer_config.json    bos_token … unk_token, additional_special_tokens, add_bos_token, legacy, add_prefix_space,
///                            added_tokens_decoder {"32000": {"content": "<|user|>", "special": true, …}}
///   special_tokens_map.json  the same names, where tokenizer_config.json does not say them
///   added_tokens.json        {"<|user|>": 32000}, as older versions of transformers wrote it
/// A name is a string or an object with `content`; null says that there is none.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tokenizer/added_tokens.h"

namespace hone::tokenizer {

/// Nothing: not said. Empty: said that there is none.
struct SpecialNames {
  std::optional<std::string> bos, eos, pad, unk;
};

struct SideFiles {
  SpecialNames names;
  std::vector<std::string> special;  ///< Further special tokens.
  std::optional<bool> add_bos_token;
  std::optional<bool> legacy;            ///< SentencePiece: false gives only the beginning of a text the prefix space.
  std::optional<bool> add_prefix_space;  ///< SentencePiece: false gives it to none.
  std::vector<AddedToken> added;         ///< By id, each content once.
  std::string translated_model, translated_json;  ///< SHA-256 of the tokenizer.model that Hone wrote the tokenizer.json from, and of that.
};

/// Every token that the files call special: names first.
std::vector<std::string> special_contents(const SideFiles& side);

/// Reads them where they are there. Throws data naming file and key for what cannot be meant.
SideFiles read_side_files(const std::filesystem::path& folder);

}  // namespace hone::tokenizer
