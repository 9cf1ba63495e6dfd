#pragma once
/// The `training` section: how the model is trained. Words as in Axolotl and Hugging Face; their other spellings are aliases.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/binder.h"
#include "recipe/mixture.h"
#include "recipe/objective.h"
#include "recipe/optimizer.h"

namespace hone::recipe {

enum class Device { automatic, cpu, cuda };
constexpr std::array<std::string_view, 3> names_of(Device) { return {"auto", "cpu", "cuda"}; }

/// wsd: warmup, stable, decay (Hu et al. 2024): constant, then linear over the last lr_decay_steps.
enum class Schedule { cosine, linear, constant, wsd };
constexpr std::array<std::string_view, 4> names_of(Schedule) { return {"cosine", "linear", "constant", "wsd"}; }

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
  int64_t patience = 0;    ///< Epochs without improvement of validation loss before stopping; 0: off.
  double min_delta = 0.0;  ///< What counts as an improvement.
};

/// What happens at a step whose loss stands out from the ones before it.
enum class SpikeAction { report, skip, stop };
constexpr std::array<std::string_view, 3> names_of(SpikeAction) { return {"report", "skip", "stop"}; }

struct LossSpikeOptions {
  double deviations = 6.0;  ///< Above the mean of the window, in its standard deviations; 0: not watched.
  int64_t window = 50;      ///< Steps.
  SpikeAction action = SpikeAction::report;
};

struct TrainingOptions {
  Objective objective = Objective::pretrain;
  std::string chat_template;     ///< Of sft and dpo: llama3, chatml, mistral, alpaca or a .jinja file; empty: the model's own.
  bool train_on_inputs = false;  ///< Sft: everything is trained, whatever the role.
  std::vector<std::string> roles_to_train = {"assistant"};
  DpoOptions dpo;
  Device device = Device::automatic;
  int64_t threads = 0;  ///< 0: one for each processor.
  int64_t sequence_len = 512;
  bool sample_packing = true;
  bool group_by_length = false;
  std::vector<MixtureOptions> mixture;
  int64_t micro_batch_size = 1;  ///< 0: auto, the most that fits.
  int64_t gradient_accumulation_steps = 1;
  bool gradient_checkpointing = false;
  int64_t num_epochs = 3;
  OptimizerKind optimizer = OptimizerKind::adamw;
  double learning_rate = 2e-4;
  Schedule lr_scheduler = Schedule::cosine;
  double warmup_steps = 0.03;   ///< Below 1: a share of all optimizer steps.
  double lr_decay_steps = 0.1;  ///< Of wsd. Below 1: a share of all optimizer steps.
  double lr_final_ratio = 0.1;  ///< Last learning rate over the peak.
  std::optional<double> loraplus_lr_ratio;  ///< Learning rate of B over that of A (LoRA+, Hayou et al. 2024).
  std::vector<ParameterGroupOptions> parameter_groups;
  std::vector<std::string> freeze;  ///< Globs over parameter names that are not trained.
  double weight_decay = 0.01;
  DecayOn weight_decay_on = DecayOn::matrices;
  double adam_beta1 = 0.9;
  double adam_beta2 = 0.999;
  double adam_epsilon = 1e-8;
  LionOptions lion;
  MuonOptions muon;
  double max_grad_norm = 1.0;
  double z_loss = 0.0;               ///< Times the mean squared log of the softmax's sum, added to the loss (PaLM).
  double neftune_noise_alpha = 0.0;  ///< Noise on embeddings while training (NEFTune, Jain et al. 2023).
  double ema_decay = 0.0;            ///< Of a moving average of the weights, which is validated and exported; 0: off.
  int64_t logging_steps = 1;
  SaveOptions save;
  EarlyStoppingOptions early_stopping;
  LossSpikeOptions loss_spike;
};

void describe(Binder& bind, SaveOptions& options);
void describe(Binder& bind, EarlyStoppingOptions& options);
void describe(Binder& bind, LossSpikeOptions& options);
void describe(Binder& bind, TrainingOptions& options);

}  // namespace hone::recipe
