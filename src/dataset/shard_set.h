#pragma once
/// All token shards of one side of the split as one sequence of documents, memory-mapped.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dataset/shard.h"

namespace hone::dataset {

class ShardSet {
 public:
  /// The shards of a folder whose names are `split`-NNNNN.tokens, in order. Throws data when there is none,
  /// when a number is missing, when one does not verify, or when two come from different vocabularies.
  static std::shared_ptr<const ShardSet> open(const std::filesystem::path& folder, std::string_view split,
                                              Shard::Verify verify = Shard::Verify::everything);
  /// At least one shard.
  explicit ShardSet(std::vector<Shard> shards);

  uint64_t documents() const { return first_.back(); }
  uint64_t tokens() const { return tokens_; }
  uint64_t text_bytes() const { return text_bytes_; }
  /// Documents 2k and 2k+1 are the chosen and the rejected answer of pair k.
  bool pairs() const { return shards_.front().pairs(); }
  int32_t vocabulary_size() const { return shards_.front().header().vocabulary_size; }
  std::string tokenizer_sha256() const { return shards_.front().tokenizer_sha256(); }

  /// ordinal < documents().
  DocumentView document(uint64_t ordinal) const;
  /// Number of tokens, without touching them.
  uint64_t length(uint64_t ordinal) const;
  const std::vector<Shard>& shards() const { return shards_; }

 private:
  std::pair<const Shard*, uint64_t> find(uint64_t ordinal) const;

  std::vector<Shard> shards_;
  std::vector<uint64_t> first_;  ///< Ordinal of each shard's first document, and the total.
  uint64_t tokens_ = 0;
  uint64_t text_bytes_ = 0;
};

}  // namespace hone::dataset
