#pragma once
/// Learns a SentencePiece vocabulary from text.
///
/// The text is used as it is (identity normalisation: the corpus is NFC already); a space stays a space, line
/// breaks are never part of a word. Ids 0..3 are <unk>, <s>, </s>, <pad>, then user-defined symbols, then 256
/// bytes with byte_fallback, then pieces. Without byte_fallback, line break and tab become symbols of their
/// own, so that text comes back as it was. Invariant: the file depends on the options and the text alone, not
/// on processor or threads: SentencePiece runs with a fixed number of threads, and text beyond
/// max_training_bytes is sampled by a hash of each line's number.
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "recipe/tokenizer.h"

namespace hone::tokenizer {

struct TrainedTokenizer {
  int64_t vocabulary_size = 0;
  uint64_t bytes_seen = 0;
  uint64_t bytes_used = 0;  ///< After sampling.
};

/// Calls `next` until it returns nothing; each text is a whole document. Writes `out_file`.
/// Throws usage when the text does not support the vocabulary size (the message has the size that it does
/// support) or when a symbol cannot be used, data when there is no text, storage when the file cannot be
/// written.
TrainedTokenizer train_sentencepiece(const recipe::TokenizerTrainingOptions& options, uint64_t seed,
                                     const std::function<std::optional<std::string>()>& next,
                                     const std::filesystem::path& out_file);

}  // namespace hone::tokenizer
