#pragma once
/// Documents cut into segments of at most sequence_len positions, and where every token went.
///
/// A document of n tokens has n-1 positions (batch.h). They are cut into segments of sequence_len and a rest;
/// segment k reads d[kL .. kL+L) and predicts d[kL+1 .. kL+L], so segments share no input, and every token
/// but the document's first is a target exactly once. A segment ends with its last target that counts: what
/// follows is read for nothing, attention being causal. One without such a target is left out.
///
/// Of pairs (shard.h) nothing is cut: an answer without its beginning says nothing. As in TRL 1.16
/// (max_length, truncation_mode keep_start) each side keeps its first sequence_len tokens, and a pair of which
/// a side then has nothing trained is left out whole.
///
/// A unit is what is read or left together: a document, or a pair. Invariant, of each unit and of every sum:
/// tokens = trained + first + masked + the sum of dropped.
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dataset/shard_set.h"

namespace hone::dataset {

/// `length` positions of a document, from its token `begin`.
struct Segment {
  uint64_t document = 0;  ///< Ordinal in the ShardSet.
  uint64_t begin = 0;
  uint32_t length = 0;

  bool operator==(const Segment&) const = default;
};

/// Where every token of the documents went.
struct Conservation {
  int64_t documents = 0;
  int64_t tokens = 0;      ///< All that is read, BOS and EOS included; a document read twice counts twice.
  int64_t trained = 0;     ///< Targets that count.
  int64_t first = 0;       ///< First tokens of documents: read, never predicted.
  int64_t masked = 0;      ///< Read as context, with the loss masked.
  std::map<std::string, int64_t> dropped;  ///< Tokens by reason, kDropReasons.
  int64_t positions = 0;                   ///< What the model reads.
  int64_t segments = 0;
  int64_t split_documents = 0;      ///< Longer than sequence_len, in several segments.
  int64_t truncated_documents = 0;  ///< Of pairs: longer than sequence_len, and shortened to it.
  int64_t without_label = 0;        ///< Documents of which nothing is trained.
  int64_t row_capacity = 0;  ///< Rows · positions of a row; positions / row_capacity is how full the rows are.

  int64_t dropped_tokens() const;
  bool balanced() const { return tokens == trained + first + masked + dropped_tokens(); }
  void add(const Conservation& other, int64_t times = 1);
  /// One line: "12,345 tokens = 12,001 trained + 300 first + 40 masked + 4 dropped (nothing_to_predict 4)".
  std::string sentence() const;
};

/// nothing_to_predict: documents of one token. fully_masked: segments, and documents, of which nothing is trained.
/// after_last_trained: behind the last target of a segment. truncated: behind the sequence_len tokens of one side of
/// a pair. torn_pair: the sound side of a pair whose other side has nothing to train.
inline constexpr std::array<const char*, 5> kDropReasons = {"nothing_to_predict", "fully_masked", "after_last_trained", "truncated", "torn_pair"};

/// All documents, cut once: what mixing and packing need of them. Does not change.
class Cut {
 public:
  /// 1 ≤ sequence_len ≤ INT32_MAX. Throws data when there are more than 2³² segments.
  Cut(std::shared_ptr<const ShardSet> shards, int64_t sequence_len);

  uint64_t units() const { return first_.size() - 1; }
  /// Segments of a unit: [begin, end) of segments(). Of a pair that is kept: chosen, rejected.
  uint64_t begin(uint64_t unit) const { return first_[unit]; }
  uint64_t end(uint64_t unit) const { return first_[unit + 1]; }
  const std::vector<Segment>& segments() const { return segments_; }
  /// Place in sources().
  uint32_t source(uint64_t unit) const { return sources_of_[unit]; }
  const std::vector<std::string>& sources() const { return sources_; }
  int64_t trained(uint64_t unit) const { return trained_[unit]; }
  /// Each unit so many times; empty: once each. By place in sources().
  std::vector<Conservation> count(const std::vector<uint32_t>& readings) const;
  const ShardSet& shards() const { return *shards_; }
  bool pairs() const { return shards_->pairs(); }
  int64_t sequence_len() const { return sequence_len_; }
  /// Positions of a row: sequence_len, and for pairs twice that.
  uint32_t row_length() const;

 private:
  struct Dropped {
    uint64_t unit;
    size_t reason;
    uint64_t tokens;
  };
  void cut_document(uint64_t ordinal);
  void cut_pair(uint64_t pair);
  void drop(size_t reason, uint64_t tokens);
  uint32_t source_number(const DocumentView& document);

  std::shared_ptr<const ShardSet> shards_;
  int64_t sequence_len_;
  std::vector<Segment> segments_;
  std::vector<uint64_t> first_{0};
  std::vector<uint32_t> sources_of_;
  std::vector<int64_t> trained_;
  std::vector<Dropped> dropped_;        ///< By unit.
  std::vector<uint64_t> truncated_;     ///< Documents.
  std::vector<std::string> sources_;
  std::map<std::string, uint32_t, std::less<>> source_numbers_;
};

}  // namespace hone::dataset
