#pragma once
/// Which documents are held out. A cluster of documents that belong together is never on both sides.
///
/// Each document has a key, the hash of its id; a cluster's key is the smallest of its members'. The cluster is held out when a
/// second hash of its key falls into the first `validation` share of all hashes. So a document keeps its side whatever else is
/// added, unless it joins a cluster; sides remembered from an earlier run win over the hash, and validation wins over train.
/// Sources that are only measured have a side of their own, forgetting, and take their whole cluster with them.
/// Where that holds out nothing although there are two clusters or more, the one with the smallest hash is held out.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "corpus/clusters.h"
#include "recipe/corpus.h"

namespace hone::corpus {

enum class Side : uint8_t { train, validation, forgetting };
std::string_view name_of(Side side);
/// Nothing for any other word.
std::optional<Side> side_named(std::string_view name);

/// Sides of an earlier run, by document id.
using RememberedSides = std::unordered_map<std::string, Side>;

struct SplitMember {
  uint64_t key = 0;      ///< base::hash64 of the document's id.
  bool present = false;  ///< False for dropped documents: they shape the cluster's key but need no side.
  bool measured_only = false;  ///< Its source is never trained on.
  std::optional<Side> remembered;
};

/// Side of each document, by its number. `clusters` knows as many documents as there are members.
std::vector<Side> split(const std::vector<SplitMember>& members, Clusters& clusters, const recipe::SplitOptions& options);

}  // namespace hone::corpus
