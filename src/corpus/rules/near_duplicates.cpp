#include "corpus/rules/near_duplicates.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <optional>

#include "base/error.h"
#include "base/thread_pool.h"
#include "corpus/archive.h"
#include "corpus/clusters.h"
#include "corpus/similarity.h"
#include "corpus/units.h"

namespace hone::corpus {
namespace {

/// Below this many documents a share says little.
constexpr uint64_t kLeastDocumentsOfShare = 20;
/// How many neighbours of one bucket a document is compared with, besides the first.
constexpr size_t kNeighbours = 3;

uint64_t pair_key(uint32_t a, uint32_t b) { return static_cast<uint64_t>(a) << 32 | b; }

/// Sorts by the upper 32 bits; what is equal keeps its order.
void sort_by_upper_half(std::vector<uint64_t>& values, std::vector<uint64_t>& room) {
  constexpr int kDigit = 11;
  room.resize(values.size());
  for (int shift = 32; shift < 64; shift += kDigit) {
    std::array<uint32_t, (1 << kDigit) + 1> begin{};
    const auto digit = [shift](uint64_t value) { return (value >> shift) & ((1 << kDigit) - 1); };
    for (const uint64_t value : values) ++begin[digit(value) + 1];
    for (size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
    for (const uint64_t value : values) room[begin[digit(value)]++] = value;
    values.swap(room);
  }
}

}  // namespace

/// Finds the clusters. Works with positions in `sketches`; bands one after the other, the comparisons of a band side by side.
class NearDuplicates::Search {
 public:
  Search(const std::vector<Sketch>& sketches, Settlement& settlement, double threshold)
      : sketches_(sketches), settlement_(settlement), threshold_(threshold) {
    copies_.grow(sketches.size());
    related_.grow(sketches.size());
  }

  void run() {
    for (size_t band = 0; band < kBands; ++band) {
      const std::vector<uint64_t> pairs = candidates(band);
      std::vector<size_t> groups;  // where pairs with the same first document begin
      for (size_t i = 0; i < pairs.size(); ++i) {
        if (i == 0 || pairs[i] >> 32 != pairs[i - 1] >> 32) groups.push_back(i);
      }
      groups.push_back(pairs.size());
      std::vector<Relation> relations(pairs.size());
      settlement_.pool.for_each(groups.size() - 1, [&](uint64_t g) { compare(pairs, groups[g], groups[g + 1], relations); });
      for (size_t i = 0; i < pairs.size(); ++i) join(pairs[i], relations[i]);
    }
  }

  /// Positions of each cluster of two or more, the first in input order in front.
  std::vector<std::vector<uint32_t>> clusters() {
    std::map<uint64_t, std::vector<uint32_t>> members;
    for (uint32_t i = 0; i < sketches_.size(); ++i) members[copies_.find(i)].push_back(i);
    std::vector<std::vector<uint32_t>> result;
    for (auto& [root, list] : members) {
      if (list.size() > 1) result.push_back(std::move(list));
    }
    return result;
  }

  /// How like the first of its cluster a member is; 0 for twins.
  std::vector<double> similarities(const std::vector<uint32_t>& cluster) const {
    std::vector<double> result;
    std::optional<Features> first;
    for (const uint32_t member : cluster) {
      double similarity = 0;
      const auto known = settlement_.recall(similarity_key(cluster.front(), member));
      if (known && known->size() == sizeof similarity) {
        std::memcpy(&similarity, known->data(), sizeof similarity);
      } else {
        if (!first) first = features(cluster.front());
        const Features other = features(member);
        similarity = are_twins(*first, other) ? 0.0 : jaccard(*first, other);
      }
      result.push_back(similarity);
    }
    return result;
  }
  void note_similarities(const std::vector<uint32_t>& cluster, const std::vector<double>& similarities) const {
    for (size_t m = 0; m < similarities.size(); ++m) {
      settlement_.note(similarity_key(cluster.front(), cluster[m]), {reinterpret_cast<const char*>(&similarities[m]), sizeof(double)});
    }
  }

  Features features(uint32_t position) const { return features_of(settlement_.archive.text(sketches_[position].index)); }

 private:
  enum class Relation : uint8_t { none, twin, copy };

  std::vector<uint64_t> candidates(size_t band) {
    order_.resize(sketches_.size());
    for (uint32_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<uint64_t>(sketches_[i].bands[band]) << 32 | i;
    sort_by_upper_half(order_, room_);
    std::vector<uint64_t> pairs;
    for (size_t begin = 0; begin < order_.size();) {
      size_t end = begin + 1;
      while (end < order_.size() && order_[end] >> 32 == order_[begin] >> 32) ++end;
      if (end - begin > 1) candidates_of(begin, end, pairs);
      begin = end;
    }
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    return pairs;
  }

  /// Of one bucket: order_[begin, end).
  void candidates_of(size_t begin, size_t end, std::vector<uint64_t>& pairs) {
    std::vector<uint32_t> members;
    for (size_t i = begin; i < end; ++i) members.push_back(static_cast<uint32_t>(order_[i]));
    const auto numbers = [&](uint32_t i) { return sketches_[i].numbers; };
    std::stable_sort(members.begin(), members.end(), [&](uint32_t a, uint32_t b) { return numbers(a) < numbers(b); });
    for (size_t first = 0; first < members.size();) {
      size_t last = first + 1;
      while (last < members.size() && numbers(members[last]) == numbers(members[first])) ++last;
      for (size_t i = first + 1; i < last; ++i) {
        const size_t nearest = i - first > kNeighbours ? i - kNeighbours : first;
        if (nearest != first) consider(members[first], members[i], pairs);
        for (size_t j = nearest; j < i; ++j) consider(members[j], members[i], pairs);
      }
      // Other numbers, same band: no copies, but perhaps twins.
      if (first > 0) consider(members[first - 1], members[first], pairs);
      first = last;
    }
  }

  void consider(uint32_t a, uint32_t b, std::vector<uint64_t>& pairs) {
    if (a > b) std::swap(a, b);
    const bool same_numbers = sketches_[a].numbers == sketches_[b].numbers;
    if (same_numbers ? copies_.find(a) == copies_.find(b) : related_.find(a) == related_.find(b)) return;
    if (!tried_.contains(pair_key(a, b))) pairs.push_back(pair_key(a, b));
  }

  /// What pairs [begin, end), which share their first document, are to each other.
  void compare(const std::vector<uint64_t>& pairs, size_t begin, size_t end, std::vector<Relation>& relations) const {
    std::optional<Features> left;
    for (size_t i = begin; i < end; ++i) {
      const auto a = static_cast<uint32_t>(pairs[i] >> 32), b = static_cast<uint32_t>(pairs[i]);
      if (const auto known = settlement_.recall(relation_key(a, b)); known && known->size() == 1) {
        relations[i] = static_cast<Relation>(known->front());
        continue;
      }
      if (!left) left = features(a);
      const Features right = features(b);
      if (jaccard(*left, right) >= threshold_) relations[i] = are_twins(*left, right) ? Relation::twin : Relation::copy;
    }
  }

  std::string similarity_key(uint32_t a, uint32_t b) const {
    return "similarity" + settlement_.text_key(sketches_[a].index) + settlement_.text_key(sketches_[b].index);
  }
  std::string relation_key(uint32_t a, uint32_t b) const {
    return "relation" + settlement_.text_key(sketches_[a].index) + settlement_.text_key(sketches_[b].index);
  }

  void join(uint64_t pair, Relation relation) {
    const auto a = static_cast<uint32_t>(pair >> 32), b = static_cast<uint32_t>(pair);
    settlement_.note(relation_key(a, b), std::string(1, static_cast<char>(relation)));
    if (relation != Relation::copy) tried_.insert(pair);
    if (relation == Relation::none) return;
    related_.link(a, b);
    settlement_.clusters.link(sketches_[a].index, sketches_[b].index);
    if (relation == Relation::copy) copies_.link(a, b);
  }

  const std::vector<Sketch>& sketches_;
  Settlement& settlement_;
  const double threshold_;
  Clusters copies_, related_;
  std::unordered_set<uint64_t> tried_;
  std::vector<uint64_t> order_, room_;  ///< Band key and position, by band key.
};

std::string NearDuplicates::observe(const DocumentView& document) const {
  thread_local std::vector<Unit> units;
  thread_local std::vector<uint32_t> shingles;
  find_units(document.text, units);
  find_shingles(units, shingles);
  if (shingles.empty()) return {};
  Sketch sketch{.numbers = hash_of_numbers(document.text, units), .bands = band_keys(shingles)};
  std::string bytes(sizeof sketch.numbers + sizeof sketch.bands, '\0');
  std::memcpy(bytes.data(), &sketch.numbers, sizeof sketch.numbers);
  std::memcpy(bytes.data() + sizeof sketch.numbers, sketch.bands.data(), sizeof sketch.bands);
  return bytes;
}

void NearDuplicates::take(DocumentIndex index, std::string_view observation) {
  if (observation.empty()) return;  // no words, nothing to be alike in
  Sketch sketch{.index = index};
  HONE_ASSERT(observation.size() == sizeof sketch.numbers + sizeof sketch.bands);
  std::memcpy(&sketch.numbers, observation.data(), sizeof sketch.numbers);
  std::memcpy(sketch.bands.data(), observation.data() + sizeof sketch.numbers, sizeof sketch.bands);
  sketches_.push_back(sketch);
}

void NearDuplicates::settle(Settlement& settlement) {
  std::erase_if(sketches_, [&](const Sketch& sketch) { return !settlement.present(sketch.index); });
  Search search(sketches_, settlement, options_.threshold);
  search.run();
  const std::vector<std::vector<uint32_t>> clusters = search.clusters();

  std::vector<std::vector<double>> similarities(clusters.size());
  settlement.pool.for_each(clusters.size(), [&](uint64_t c) {
    if (clusters[c].size() <= static_cast<size_t>(options_.max_cluster)) similarities[c] = search.similarities(clusters[c]);
  });
  for (size_t c = 0; c < clusters.size(); ++c) search.note_similarities(clusters[c], similarities[c]);
  for (size_t c = 0; c < clusters.size(); ++c) {
    const std::string id = settlement.archive.id(sketches_[clusters[c].front()].index);
    if (similarities[c].empty()) {
      settlement.warn(fmt::format("near_duplicates: {} documents that are alike, {} the first, are left as they are; if they are copies, "
                                  "raise near_duplicates.max_cluster above {}",
                                  clusters[c].size(), id, options_.max_cluster));
    }
    for (size_t m = 1; m < similarities[c].size(); ++m) {
      if (similarities[c][m] < 2 * options_.threshold - 1 || similarities[c][m] <= 0) continue;
      copies_[sketches_[clusters[c][m]].index] = {id, similarities[c][m]};
    }
  }
  sketches_ = {};

  std::map<std::string_view, std::pair<uint64_t, uint64_t>> sources;  // removed, all
  for (DocumentIndex i = 0; i < settlement.documents; ++i) {
    if (!settlement.present(i)) continue;
    auto& [removed, all] = sources[settlement.source(i)];
    ++all;
    removed += copies_.contains(i);
  }
  for (const auto& [name, counts] : sources) {
    const auto& [removed, all] = counts;
    if (all < kLeastDocumentsOfShare || static_cast<double>(removed) <= options_.max_removed_share * static_cast<double>(all)) continue;
    throw Error(ExitCode::data,
                fmt::format("near_duplicates would remove {} of the {} documents of source {}, more than "
                            "corpus.near_duplicates.max_removed_share {}. If they really are copies, raise it; if they are filled-in "
                            "forms, raise corpus.near_duplicates.threshold or leave the rule out of corpus.rules",
                            removed, all, name, options_.max_removed_share));
  }
}

std::optional<std::string> NearDuplicates::settled(DocumentIndex index) const {
  const auto found = copies_.find(index);
  if (found == copies_.end()) return std::string();
  std::string bytes(sizeof found->second.similarity, '\0');
  std::memcpy(bytes.data(), &found->second.similarity, bytes.size());
  return bytes + found->second.of;
}

Outcome NearDuplicates::judge(const DocumentView& document) const {
  const auto found = copies_.find(document.index);
  if (found == copies_.end()) return Outcome::keep();
  return {.verdict = Verdict::drop,
          .reason = "near_duplicate",
          .findings = {{"similarity", found->second.similarity}},
          .duplicate_of = found->second.of};
}

}  // namespace hone::corpus
