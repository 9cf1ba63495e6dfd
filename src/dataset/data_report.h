#pragma once
/// What training will read, before it does: how much of each source and role, how much of it is trained, what was
/// split, shortened or left out, and how full the rows are. Every option of the recipe that changes the samples
/// changes a figure here.
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "dataset/loader.h"
#include "dataset/statistics.h"

namespace hone::dataset {

/// A source as it lies in the shards, and what the epochs take of it.
struct SourceReport {
  std::string name;
  TokenCounts shards;        ///< Each document once: documents, tokens, trained, without_label, roles, longest.
  Conservation first_epoch;
  Conservation all_epochs;
  int64_t truncated = 0;     ///< Tokens: when the shards were made, and of pairs in the first epoch.
  double weight = 1;         ///< Readings of a document in the first epoch.
  double share = 0;          ///< Of the first epoch's trained tokens.
};

struct DataReport {
  std::vector<SourceReport> sources;  ///< By name.
  Conservation first_epoch;
  int64_t epochs = 1, rows = 0, row_positions = 0, steps_in_first_epoch = 0, steps = 0;
  int64_t sequence_len = 0, micro_batch_size = 1, gradient_accumulation_steps = 1;
  bool pairs = false, packed = false, grouped = false, mixed = false;
  /// Mean over micro batches of (longest - shortest row) / longest row, in the first epoch.
  double spread = 0;

  double fill() const;  ///< Positions of the first epoch over those its rows could hold.
};

/// Reads all loss masks once. `statistics`: the file of that name beside the shards, which knows what was truncated when
/// they were made; null when it is not at hand.
DataReport data_report(const Loader& loader, const nlohmann::json& statistics);

/// A table for the terminal and the sentences.
std::string table(const DataReport& report);
/// A few lines that balance: all tokens, each source when there are several, rows and steps.
std::vector<std::string> sentences(const DataReport& report);
nlohmann::json to_json(const DataReport& report);

}  // namespace hone::dataset
