#pragma once
/// Drops a document that is an earlier one with a few words changed.
///
/// Candidates share a MinHash band (minhash.h). A pair counts when its exact Jaccard similarity (similarity.h) is at least
/// `threshold` and the two are not twins: documents with other numbers or other parties are different documents however alike they
/// read. Pairs join into clusters; of each the first in input order stays. A member must also be like the one that stays: at
/// least 2·threshold - 1, so that a chain of small steps cannot lead far. A cluster of more than `max_cluster` documents is
/// reported and left alone; so many copies are more often a form than a text.
/// Twins and members kept are still one cluster for the split: they must not sit on both sides of it.
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "corpus/minhash.h"
#include "corpus/rule.h"
#include "recipe/corpus.h"

namespace hone::corpus {

class NearDuplicates final : public CorpusRule {
 public:
  static constexpr std::string_view kName = "near_duplicates";
  static constexpr Family kFamily = Family::dedup;

  explicit NearDuplicates(recipe::NearDuplicateOptions options) : options_(options) {}
  std::string_view name() const override { return kName; }
  Family family() const override { return kFamily; }
  std::string observe(const DocumentView& document) const override;
  void take(DocumentIndex index, std::string_view observation) override;
  void settle(Settlement& settlement) override;
  bool drops(DocumentIndex index) const override { return copies_.contains(index); }
  std::optional<std::string> settled(DocumentIndex index) const override;
  Outcome judge(const DocumentView& document) const override;

 private:
  struct Sketch {
    DocumentIndex index = 0;
    uint64_t numbers = 0;  ///< Hash of the numbers in the text.
    BandKeys bands{};
  };
  struct Copy {
    std::string of;
    double similarity = 0;
  };
  class Search;

  recipe::NearDuplicateOptions options_;
  std::vector<Sketch> sketches_;
  std::unordered_map<DocumentIndex, Copy> copies_;
};

}  // namespace hone::corpus
