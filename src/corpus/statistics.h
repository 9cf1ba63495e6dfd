#pragma once
/// The sums of a cleaning run. What was read is what was kept, edited, dropped by a rule or rejected by a reader; the same holds
/// for every source and language. Tallies of parts add up to the tally of the whole, whatever the parts, as long as they are added
/// in input order (examples are the first few). A tally can be stored and taken up again: pack() and unpack() lose nothing.
#include <array>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
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
  bool operator==(const Amount&) const = default;
};

/// How many documents have how many characters. Bin i holds lengths below kBounds[i] and not below the bound before; the last
/// bin holds the rest.
struct Lengths {
  static constexpr std::array<uint64_t, 14> kBounds = {50,    100,   200,   500,    1000,   2000,   5000,
                                                       10000, 20000, 50000, 100000, 200000, 500000, 1000000};
  std::array<uint64_t, kBounds.size() + 1> counts{};

  void add(uint64_t characters);
  Lengths& operator+=(const Lengths& other);
  bool operator==(const Lengths&) const = default;
};

/// What a rule did to one document, short enough for a report. A drop shows the text's beginning; an edit shows one place as it
/// was and as it is. Nothing of a sensitive family but its placeholder; long numbers and addresses are masked everywhere.
struct Example {
  std::string id;
  std::string excerpt;                           ///< Of a dropped text, or a reader's message.
  std::string before, removed, inserted, after;  ///< Of an edit: context, what went, what came, context.
  uint64_t removed_characters = 0;
  bool operator==(const Example&) const = default;
};

/// The first few examples for each reason or kind.
using Examples = std::map<std::string, std::vector<Example>>;

struct SourceTally {
  Amount dropped, edited;
  SourceTally& operator+=(const SourceTally& other) {
    dropped += other.dropped;
    edited += other.edited;
    return *this;
  }
  bool operator==(const SourceTally&) const = default;
};

struct RuleTally {
  Amount dropped, edited, flagged;  ///< flagged: something was pointed out and left.
  uint64_t spans = 0, characters_removed = 0, characters_inserted = 0;
  std::map<std::string, uint64_t> reasons, kinds;
  std::map<std::string, uint64_t> marks;  ///< Places pointed out, by kind.
  std::map<std::string, SourceTally> sources;
  Examples examples;

  RuleTally& operator+=(const RuleTally& other);
  bool operator==(const RuleTally&) const = default;
};

struct Flow {
  Amount read, kept, edited, dropped, rejected;  ///< kept: unchanged; edited: changed and still there.
  Flow& operator+=(const Flow& other);
  bool operator==(const Flow&) const = default;
};

struct Tally {
  Flow all;
  std::map<std::string, Flow> sources, languages;
  std::map<std::string, Amount> splits;            ///< Of documents that stay; characters after cleaning.
  std::map<std::string, Amount> rejections;        ///< By reason.
  Examples rejected;                               ///< By reason, with the reader's message.
  std::map<std::string, uint64_t> unlicenced;      ///< Documents without a licence, by source.
  std::map<std::string, Amount> licences, access;  ///< Of documents that stay; "" where nothing is stated.
  Lengths lengths_read, lengths_after;             ///< Of all documents as read; of those that stay, after cleaning.
  std::vector<RuleTally> rules;                    ///< By place in the recipe's list.
  uint64_t characters_after = 0;

  void count(const Draft& draft, const std::vector<RuleName>& names, const Placement& placement);
  void count(const document::Rejection& rejection);
  Tally& operator+=(const Tally& other);
  bool operator==(const Tally&) const = default;

  /// As bytes and back (statistics_pack.cpp; a new field is described there, too). unpack throws data when the bytes are not what pack() wrote.
  std::string pack() const;
  static Tally unpack(std::string_view bytes);
};

struct ClusterCounts {
  uint64_t clusters = 0, of_several = 0, largest = 0;
};

/// statistics.json; docs/formats.md describes it.
nlohmann::json to_json(const Tally& tally, const std::vector<RuleName>& names, const ClusterCounts& clusters,
                       const std::vector<std::string>& warnings);

}  // namespace hone::corpus
