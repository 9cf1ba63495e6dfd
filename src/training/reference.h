#pragma once
/// Log-probabilities of answers under the model that training starts from, computed once before the first step
/// and kept with the run, so that dpo needs no second model beside the one it trains.
///
///   reference/  log_probabilities.safetensors   keys int64 [answers, 2], log_probabilities float64 [answers]
///               MANIFEST.json                   inputs: what the reference model is
///
/// An answer is known by what is in it: 128 bits of XXH3 over its ids and targets, so the order of the data
/// does not matter and a stored figure is never taken for another text. What is missing is computed and added;
/// a file that does not verify, or is of another model, is not used. Answers are scored in the micro batches
/// that training reads, so that a run that was stopped meanwhile ends with the same bits.
#include <array>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>
#include <unordered_map>
#include <vector>

#include "dataset/loader.h"
#include "model/forward.h"
#include "training/objective.h"

namespace hone::training {

using AnswerKey = std::array<uint64_t, 2>;

AnswerKey key_of(std::span<const int32_t> ids, std::span<const int32_t> targets);

/// One key for each segment of a batch.
std::vector<AnswerKey> keys_of(const dataset::Batch& batch);

class ReferenceStore {
 public:
  /// Reads what `directory` holds if its inputs are `inputs`; else starts empty, saying why when there was
  /// something.
  ReferenceStore(std::filesystem::path directory, nlohmann::json inputs);

  bool holds(const AnswerKey& key) const { return values_.count(key) > 0; }
  /// Throws internal when it is not there.
  double at(const AnswerKey& key) const;
  void add(const AnswerKey& key, double log_probability) { values_.emplace(key, log_probability); }
  size_t size() const { return values_.size(); }

  /// Commits what there is. Throws storage.
  void save() const;

 private:
  struct Hash {
    size_t operator()(const AnswerKey& key) const { return key[0]; }
  };
  std::filesystem::path directory_;
  nlohmann::json inputs_;
  std::unordered_map<AnswerKey, double, Hash> values_;
};

/// Scores every answer of `loaders` that `store` does not hold, and saves; false when `keep_going` said no, with
/// what was done until then saved. Throws diverged when the model gives NaN.
bool score_references(ReferenceStore& store, const model::Model& model, model::Adapters adapters,
                      const std::vector<const dataset::Loader*>& loaders, const KeepGoing& keep_going);

}  // namespace hone::training
