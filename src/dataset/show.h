#pragma once
/// Samples of tokenised documents for a reader: where each token begins and ends, and which are trained.
///
///   with colours: tokens on alternating backgrounds, what is not trained in grey
///   without:      This│ is│ text│.│    what is not trained stands in ⟦ ⟧
/// Where the shard says who speaks, each turn begins with a line "role:"; "(template)" is what stands between turns.
/// Control characters of documents never reach the terminal.
#include <cstdint>
#include <string>
#include <vector>

#include "dataset/shard_set.h"
#include "tokenizer/tokenizer.h"

namespace hone::dataset {

struct ShownToken {
  int32_t id = 0;
  std::string text;     ///< Its characters; the vocabulary's spelling for bytes and special tokens.
  std::string role;     ///< Who says it; empty for running text and for the template.
  bool trained = true;  ///< Predicted with a loss that counts. The first token of a document never is.
};

struct Sample {
  std::string id, source, language;
  uint64_t tokens = 0;  ///< Of the whole document.
  uint64_t trained = 0;
  bool has_roles = false;
  std::vector<ShownToken> shown;  ///< Its first tokens.
};

/// The first documents of each source in turn, until there are `count`, in the order of the shards. Of pairs, `count`
/// pairs: chosen, rejected, chosen … Throws data when the shards were made with another vocabulary.
std::vector<Sample> first_samples(const ShardSet& shards, const tokenizer::Tokenizer& tokenizer, uint64_t count,
                                  uint64_t max_tokens = 200);

/// A heading line and the text.
std::string render(const Sample& sample, bool colours);

}  // namespace hone::dataset
