#pragma once
/// A whole training in a folder that takes well under a second: documents of a learnable pattern, a model of
/// some thousand parameters, loaders and a setup. Everything is a function of fixed seeds.
#include <filesystem>
#include <memory>

#include "dataset/loader.h"
#include "model/load.h"
#include "training/trainer.h"

namespace hone::test {

inline constexpr int32_t kTinyVocabulary = 32;

/// `documents` documents of both sides of the split as shards in `folder`. Lengths vary from 3 to 40 tokens.
void write_tiny_shards(const std::filesystem::path& folder, int documents);

formats::ModelConfig tiny_shape();

struct TinyOptions {
  int documents = 40;
  bool masked = false;  ///< Every target of the training documents masked.
  at::ScalarType dtype = at::kFloat;
  recipe::TrainingOptions training;
};

/// 16 rows of 16 tokens an optimizer step unless changed.
recipe::TrainingOptions tiny_training();

/// Fresh objects on the run directory `folder`/run, as a new process would make them. Shards are written when
/// absent.
class TinyRun {
 public:
  explicit TinyRun(const std::filesystem::path& folder, TinyOptions options = {.training = tiny_training()});
  training::TrainResult train();
  /// Ends with Error(stopped) after `steps` optimizer steps of this process.
  void stop_after(int64_t steps);

  training::TrainSetup setup;
  model::Model model;
  std::unique_ptr<dataset::Loader> training_data, validation_data;
};

}  // namespace hone::test
