#pragma once
/// The documents that are scored, as sequences that a model reads, and the sums of each.
/// Of a masked document (instruction data) only the trained tokens count: their nll, their number, and as bytes
/// those of the answers' own text (terminators, prompts and what a template writes have none). The rest is read as
/// context. Of shards with pairs a HeldOut holds one side; the chosen answers are what figures of text are of.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dataset/shard_set.h"
#include "model/model.h"
#include "tasks/kneser_ney.h"

namespace hone::evaluation {

/// Names of those who are compared, as facts.json spells them. Indices into DocumentScore::nll.
enum Scorer : size_t { kBase = 0, kTuned = 1, kNgram = 2, kScorers = 3 };

/// Which documents of shards with pairs; other shards know `chosen` only, and it is all of them.
enum class Side { chosen, rejected };

/// What is kept of a document once it has been scored.
struct DocumentScore {
  uint64_t ordinal = 0;  ///< In the shard set.
  uint32_t source = 0;   ///< Into HeldOut::sources; likewise language.
  uint32_t language = 0;
  int64_t tokens = 0;  ///< Predicted, with a loss that counts.
  int64_t bytes = 0;
  double nll[kScorers] = {0, 0, 0};
};

class HeldOut {
 public:
  /// `max_documents` of the validation shards, spread evenly over them; 0 takes all. Documents with nothing
  /// to predict or no text are left out.
  HeldOut(std::shared_ptr<const dataset::ShardSet> shards, int64_t max_documents, Side side = Side::chosen);

  const dataset::ShardSet& shards() const { return *shards_; }
  std::shared_ptr<const dataset::ShardSet> shards_pointer() const { return shards_; }
  /// Id that stands before the first token: BOS, else EOS, else -1 (then the first token is not predicted).
  int32_t prefix() const { return prefix_; }
  /// The prefix (if any) and the document's tokens. Index into scores().
  std::vector<int32_t> sequence(uint64_t index) const;
  /// One for each token of the sequence: whether it is predicted with a loss that counts. Empty: all but the first.
  std::vector<uint8_t> counted(uint64_t index) const;
  /// Tokens to predict, of a document without a mask: the sequence without the prefix, or without its first token when there is no prefix.
  int64_t predicted(uint64_t index) const { return scores_[index].tokens; }

  const std::vector<DocumentScore>& scores() const { return scores_; }
  void add_nll(uint64_t index, Scorer scorer, double nll) { scores_[index].nll[scorer] += nll; }
  const std::vector<std::string>& sources() const { return sources_; }
  const std::vector<std::string>& languages() const { return languages_; }
  int64_t tokens() const { return tokens_; }
  /// Every document has a mask: the figures are of answers.
  bool answers_only() const { return !scores_.empty() && masked_ == scores_.size(); }

 private:
  std::shared_ptr<const dataset::ShardSet> shards_;
  std::vector<DocumentScore> scores_;
  std::vector<std::string> sources_, languages_;
  int32_t prefix_ = -1;
  int64_t tokens_ = 0;
  size_t masked_ = 0;
};

/// Adds the model's nll of every held-out document. Windows of at most `context` tokens, some thousand tokens
/// a forward pass. Throws diverged naming the document where the model gives NaN or Inf.
void score(HeldOut& held_out, const model::Model& model, Scorer scorer, int64_t context);

/// The same for the 5-gram.
void score(HeldOut& held_out, const tasks::KneserNey& ngram);

/// A 5-gram of the training shards, of as many whole documents from the first as `max_tokens` allow.
tasks::KneserNey count_ngrams(const dataset::ShardSet& training, int64_t max_tokens);

}  // namespace hone::evaluation
