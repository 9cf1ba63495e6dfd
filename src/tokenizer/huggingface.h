#pragma once
/// A SentencePiece vocabulary as the two files that Hugging Face's AutoTokenizer reads: tokenizer.json (the `tokenizers` library's
/// own form) and tokenizer_config.json. Without them transformers guesses: it loses the dummy prefix, or cuts a
/// unigram vocabulary by merges, and the model is fed other ids than it was trained on.
///
/// Unigram: pieces with their scores; what text cannot become (control, byte and unused pieces) gets a score that never wins.
/// BPE: merges are all pairs of pieces that join to a piece, in the order of the joined piece, as SentencePiece ranks them.
/// User-defined pieces of a BPE vocabulary with a prefix space are cut out by an expression behind the normaliser, where no part gets
/// a prefix again; without one they are added tokens. Known difference: a text that spells a byte piece ("<0x41>") gets that piece
/// where the vocabulary cannot write "<".
/// tokenizer_config.json carries "hone_translation": the SHA-256 of both files, by which load_tokenizer knows the pair again.
/// A tokenizer.json is handed through as it is.
#include <cstdint>
#include <string>

#include "tokenizer/tokenizer.h"

namespace hone::tokenizer {

struct HuggingFaceFiles {
  std::string tokenizer_json;
  std::string tokenizer_config_json;
};

/// `vocabulary` comes from load_tokenizer; `max_positions` becomes model_max_length. BOS is put before a text when the vocabulary
/// adds it. Throws data when its file is gone or of another kind than unigram or BPE.
HuggingFaceFiles huggingface_files(const Tokenizer& vocabulary, int64_t max_positions);

}  // namespace hone::tokenizer
