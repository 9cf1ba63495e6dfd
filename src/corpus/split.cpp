#include "corpus/split.h"

#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/hash.h"

namespace hone::corpus {
namespace {

constexpr uint64_t kSplitSeed = 5;  ///< Part of the meaning of a split; never changes.

struct ClusterFacts {
  uint64_t key = std::numeric_limits<uint64_t>::max();
  bool present = false;
  bool measured_only = false;
  std::optional<Side> remembered;
};

uint64_t place_of(uint64_t key) {
  return base::hash64({reinterpret_cast<const char*>(&key), sizeof key}, kSplitSeed);
}

}  // namespace

std::string_view name_of(Side side) {
  switch (side) {
    case Side::train: return "train";
    case Side::validation: return "validation";
    case Side::forgetting: return "forgetting";
  }
  return "";
}

std::optional<Side> side_named(std::string_view name) {
  for (const Side side : {Side::train, Side::validation, Side::forgetting})
    if (name == name_of(side)) return side;
  return std::nullopt;
}

std::vector<Side> split(const std::vector<SplitMember>& members, Clusters& clusters, const recipe::SplitOptions& options) {
  HONE_ASSERT(clusters.size() >= members.size());
  std::vector<ClusterFacts> facts(members.size());  // by root
  for (uint64_t i = 0; i < members.size(); ++i) {
    ClusterFacts& cluster = facts[clusters.find(i)];
    cluster.key = std::min(cluster.key, members[i].key);
    cluster.present |= members[i].present;
    cluster.measured_only |= members[i].measured_only;
    if (members[i].remembered && cluster.remembered != Side::validation) cluster.remembered = members[i].remembered;
  }
  const double limit = options.validation * std::ldexp(1.0, 64);
  std::vector<Side> of_root(members.size(), Side::train);
  uint64_t present = 0, held_out = 0, first = 0, first_place = std::numeric_limits<uint64_t>::max();
  for (uint64_t root = 0; root < members.size(); ++root) {
    if (!facts[root].present || clusters.find(root) != root) continue;
    if (facts[root].measured_only) {
      of_root[root] = Side::forgetting;
      continue;
    }
    const uint64_t place = place_of(facts[root].key);
    of_root[root] = facts[root].remembered.value_or(static_cast<double>(place) < limit ? Side::validation : Side::train);
    ++present;
    held_out += of_root[root] == Side::validation;
    if (place < first_place) {
      first_place = place;
      first = root;
    }
  }
  if (options.validation > 0 && held_out == 0 && present > 1) of_root[first] = Side::validation;
  std::vector<Side> sides(members.size());
  for (uint64_t i = 0; i < members.size(); ++i) sides[i] = of_root[clusters.find(i)];
  return sides;
}

}  // namespace hone::corpus
