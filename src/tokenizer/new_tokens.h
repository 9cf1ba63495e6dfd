#pragma once
/// Terms and placeholders that become one token each, behind a vocabulary that is there (recipe: tokenizer.add_tokens).
///
/// Written where other tools look: tokenizer.json gets them as added tokens (ordinary ones: not special, found in the text as
/// given); a SentencePiece model gets them as user-defined pieces, so that it stands by itself and no prefix space follows them.
/// Ids are the next free ones in the order given; a term that is a token already keeps its id.
///
/// A model that grows by them starts each new row as the mean of the rows of the pieces that the text was written with before:
///   base     = load_tokenizer(plan.given_vocabulary)     the vocabulary as it was
///   extended = load_tokenizer(plan.vocabulary)           the run's own, with the new tokens
///   for (const NewToken& token : new_tokens(*base, *extended)) row[token.id] = mean(row[i] for i in token.pieces)
/// Rows behind base's own may be there already where a model's matrix is padded; they were never trained, so they start the same way.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tokenizer/tokenizer.h"

namespace hone::tokenizer {

struct NewToken {
  int32_t id = 0;
  std::string text;             ///< What it writes.
  std::vector<int32_t> pieces;  ///< base.encode(text): at least one.
};

/// Writes the files of `vocabulary` with `tokens` added into `directory`, for load_tokenizer. Throws usage naming
/// tokenizer.add_tokens for a token that is empty or cannot stand in this vocabulary, data when the files cannot be extended.
void write_with_tokens(const Tokenizer& vocabulary, const std::vector<std::string>& tokens, const std::filesystem::path& directory);

/// The tokens of `extended` that `base` lacks, by id; none when they are the same vocabulary. Throws data when they differ in
/// what both have.
std::vector<NewToken> new_tokens(const Tokenizer& base, const Tokenizer& extended);

}  // namespace hone::tokenizer
