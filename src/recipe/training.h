#pragma once
/// The `training` section: how the model is trained. Words as in Axolotl and Hugging Face; their other spellings are aliases.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "recipe/binder.h"

namespace hone::recipe {

enum class Device { automatic, cpu, cuda };
constexpr std::array<std::string_view, 3> names_of(Device) { return {"auto", "cpu", "cuda"}; }

enum class Schedule { cosine, linear, constant };
constexpr std::array<std::string_view, 3> names_of(Schedule) { return {"cosine", "linear", "constant"}; }

enum class DecayOn { matrices, all };
constexpr std::array<std::string_view, 2> names_of(DecayOn) { return {"matrices", "all"}; }

enum class SaveStrategy { epoch, steps };
constexpr std::array<std::string_view, 2> names_of(SaveStrategy) { return {"epoch", "steps"}; }

/// Every epoch is saved, always; `steps` saves in between as well.
struct SaveOptions {
  SaveStrategy strategy = SaveStrategy::epoch;
  int64_t steps = 500;      ///< With strategy steps.
  int64_t keep = 3;         ///< Newest checkpoints kept; 0 keeps all.
  bool keep_best = true;    ///< The best by validation loss is never rotated away, and is the one exported.
};

struct EarlyStoppingOptions {
  int64_t patience = 0;  ///< Epochs without improvement of validation loss before stopping; 0: off.
};

struct TrainingOptions {
  Device device = Device::automatic;
  int64_t threads = 0;  ///< 0: one for each processor.
  int64_t sequence_len = 512;
  bool sample_packing = true;
  int64_t micro_batch_size = 1;
  int64_t gradient_accumulation_steps = 1;
  bool gradient_checkpointing = false;
  int64_t num_epochs = 3;
  double learning_rate = 2e-4;
  Schedule lr_scheduler = Schedule::cosine;
  double warmup_steps = 0.03;   ///< Below 1: a share of all optimizer steps.
  double lr_final_ratio = 0.1;  ///< Last learning rate over the peak.
  double weight_decay = 0.01;
  DecayOn weight_decay_on = DecayOn::matrices;
  double adam_beta1 = 0.9;
  double adam_beta2 = 0.999;
  double adam_epsilon = 1e-8;
  double max_grad_norm = 1.0;
  int64_t logging_steps = 1;
  SaveOptions save;
  EarlyStoppingOptions early_stopping;
};

void describe(Binder& bind, SaveOptions& options);
void describe(Binder& bind, EarlyStoppingOptions& options);
void describe(Binder& bind, TrainingOptions& options);

}  // namespace hone::recipe
