#pragma once
/// The sums of a cleaning run. What was read is what was kept, edited, dropped by a rule or rejected by a reader; the same holds
/// for every source and language. Tallies of parts add up to the tally of the whole, whatever the parts.
#include <array>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "corpus/draft.h"
#include "corpus/ledger.h"
#include "document/document.h"

namespace hone::corpus {

/// Documents with their bytes as stored and their characters (code points of the text as read).
struct Amount {
  uint64_t documents = 0, bytes = 0, characters = 0;

  void add(uint64_t more_bytes, uint64_t more_characters) {
    ++documents;
    bytes += more_bytes;
    characters += more_characters;
  }
  Amount& operator+=(const Amount& other) {
    documents += other.documents;
    bytes += other.bytes;
    characters += other.characters;
    return *this;
  }
};

struct Example {
  std::string id, reason, excerpt;
};

struct RuleTally {
  Amount dropped, edited;
  uint64_t spans = 0, characters_removed = 0, characters_inserted = 0;
  std::map<std::string, uint64_t> reasons, kinds;
  std::vector<Example> examples;  ///< The first few in input order; excerpts only where nothing sensitive can be in them.
};

struct Flow {
  Amount read, kept, edited, dropped, rejected;  ///< kept: unchanged; edited: changed and still there.
  Flow& operator+=(const Flow& other);
};

struct Tally {
  Flow all;
  std::map<std::string, Flow> sources, languages;
  std::map<std::string, Amount> splits;        ///< Of documents that stay; characters after cleaning.
  std::map<std::string, Amount> rejections;    ///< By reason.
  std::map<std::string, uint64_t> unlicenced;  ///< Documents without a licence, by source.
  std::vector<RuleTally> rules;                ///< By place in the recipe's list.
  uint64_t characters_after = 0;

  void count(const Draft& draft, const std::vector<RuleName>& names, const Placement& placement);
  void count(const document::Rejection& rejection);
  Tally& operator+=(const Tally& other);
};

struct ClusterCounts {
  uint64_t clusters = 0, of_several = 0, largest = 0;
};

nlohmann::json to_json(const Tally& tally, const std::vector<RuleName>& names, const ClusterCounts& clusters,
                       const std::vector<std::string>& warnings);

}  // namespace hone::corpus
