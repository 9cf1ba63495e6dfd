#include "dataset/shard_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "artifact/names.h"
#include "base/error.h"

namespace hone::dataset {

std::shared_ptr<const ShardSet> ShardSet::open(const std::filesystem::path& folder, std::string_view split,
                                               Shard::Verify verify) {
  std::vector<Shard> shards;
  const std::string name(split);
  std::error_code ignored;
  for (int index = 0;; ++index) {
    const std::filesystem::path path = folder / artifact::token_shard(name, index);
    if (!std::filesystem::exists(path, ignored)) break;
    shards.emplace_back(path, verify);
  }
  if (shards.empty())
    throw Error(ExitCode::data,
                fmt::format("{}: no token shards of the {} side ({}); run hone tokenize first",
                            folder.string(), name, artifact::token_shard(name, 0)));
  const std::filesystem::path after =
      folder / artifact::token_shard(name, static_cast<int>(shards.size()) + 1);
  if (std::filesystem::exists(after, ignored))
    throw Error(ExitCode::data,
                fmt::format("{} is missing, but {} is there; delete the folder and run hone tokenize again",
                            artifact::token_shard(name, static_cast<int>(shards.size())), after.string()));
  return std::make_shared<const ShardSet>(std::move(shards));
}

ShardSet::ShardSet(std::vector<Shard> shards) : shards_(std::move(shards)), first_{0} {
  HONE_ASSERT(!shards_.empty());
  const ShardHeader& one = shards_.front().header();
  for (const Shard& shard : shards_) {
    const ShardHeader& header = shard.header();
    if (header.tokenizer_sha256 != one.tokenizer_sha256 || header.vocabulary_size != one.vocabulary_size)
      throw Error(
          ExitCode::data,
          fmt::format("{} and {} were made with different vocabularies; delete the folder and run hone "
                      "tokenize again",
                      shards_.front().path().string(), shard.path().string()));
    if (shard.pairs() != pairs())
      throw Error(ExitCode::data, fmt::format("of {} and {} one holds pairs; delete the folder and run hone tokenize again",
                                              shards_.front().path().string(), shard.path().string()));
    first_.push_back(first_.back() + header.documents);
    tokens_ += header.tokens;
    for (uint64_t i = 0; i < header.documents; ++i) text_bytes_ += shard.document(i).text_bytes;
  }
}

std::pair<const Shard*, uint64_t> ShardSet::find(uint64_t ordinal) const {
  HONE_ASSERT(ordinal < documents());
  const size_t index =
      static_cast<size_t>(std::upper_bound(first_.begin(), first_.end(), ordinal) - first_.begin()) - 1;
  return {&shards_[index], ordinal - first_[index]};
}

DocumentView ShardSet::document(uint64_t ordinal) const {
  const auto [shard, index] = find(ordinal);
  return shard->document(index);
}

uint64_t ShardSet::length(uint64_t ordinal) const {
  const auto [shard, index] = find(ordinal);
  return shard->length(index);
}

}  // namespace hone::dataset
