#pragma once
/// Training from the first optimizer step to the last, over however many processes it takes. `train`
/// continues what it finds in the run directory. On a CPU a run killed at any moment and started again ends
/// with the same bytes as one never stopped: data order, learning rate and step plan are pure functions of
/// the step, everything else is in the checkpoint.
///   each step:   forward and backward over its micro batches, clip, update of weights and of their average
///   each epoch:  validation loss, checkpoint, rotation
#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

#include "artifact/names.h"
#include "base/stop.h"
#include "dataset/loader.h"
#include "model/model.h"
#include "recipe/training.h"
#include "training/records.h"

namespace hone::training {

struct TrainSetup {
  recipe::TrainingOptions options;
  artifact::RunDirectory run;
  /// Everything the weights depend on besides the machine: fixed options, seed, hashes of data, tokenizer and
  /// base model. Recorded in every checkpoint; a run continues only where it is unchanged.
  nlohmann::json inputs = nlohmann::json::object();
  uint64_t seed = 0;  ///< Of dropout and noise; the order of data is the loader's.
  /// Asked after each step and between validation batches.
  std::function<bool()> stop_requested = base::stop_requested;
  /// Told of each step before anything is saved; may be empty.
  std::function<void(const StepRecord&)> on_step;
};

struct TrainResult {
  int64_t steps = 0;
  int64_t epochs = 0;
  int64_t tokens = 0;  ///< Read by the model, in all.
  int64_t trained_tokens = 0;
  std::optional<double> first_validation_loss;  ///< Before the first step; none without validation documents.
  std::optional<double> last_validation_loss;
  std::optional<double> best_validation_loss;
  std::filesystem::path last;    ///< Checkpoint of the last step.
  std::filesystem::path chosen;  ///< The best by validation loss with save.keep_best, else the last.
  bool ended_early = false;      ///< By early stopping.
  bool nothing_to_do = false;    ///< All steps had been done before.
  double seconds = 0.0;          ///< Of this process.
  nlohmann::json facts;          ///< Optimizer, groups, schedule, spikes …: how it was trained, for the report.
};

/// Trains `model` in place; on return it holds the weights of the last step. `validation` may be null.
/// Throws stopped after saving when a stop was asked for; diverged at the first loss or gradient that is not
/// finite, with the last good checkpoint left in place; usage when the run was begun with other inputs;
/// storage for a full disk or too little memory.
TrainResult train(const TrainSetup& setup, model::Model& model, const dataset::Loader& training,
                  const dataset::Loader* validation);

}  // namespace hone::training
