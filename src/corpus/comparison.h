#pragma once
/// What changes between two corpora, document by document, from their ledgers.
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace hone::corpus {

/// Documents in one kind of change, by the rule that decided and by source, with the first few as examples.
struct Change {
  struct Example {
    std::string id, why;
  };
  uint64_t documents = 0;
  std::map<std::string, uint64_t> rules;    ///< "near_duplicates/near_duplicate" → documents.
  std::map<std::string, uint64_t> sources;
  std::vector<Example> examples;
};

struct Comparison {
  uint64_t before = 0, after = 0;  ///< Documents that stay.
  uint64_t same = 0;               ///< Stay in both with the same text.
  Change arrive;   ///< Stay now and were not there at all.
  Change return_;  ///< Stay now and were dropped; by the rule that dropped them.
  Change leave;    ///< Stayed and are dropped now; by the rule that drops them.
  Change vanish;   ///< Stayed and are no longer in the sources.
  Change differ;   ///< Stay in both with other text; by the rules that edit them.
  Change move;     ///< Stay in both on other sides of the split.
};

/// Reads two committed corpora. Memory: some fifty bytes a document. Throws data when a ledger is damaged.
Comparison compare(const std::filesystem::path& before, const std::filesystem::path& after);

}  // namespace hone::corpus
