#include "recipe/loop_checks.h"

#include <fmt/format.h>

#include <cmath>
#include <initializer_list>

namespace hone::recipe {
namespace {

using Wrong = std::function<void(const std::string& key, std::string message)>;
using Idle = std::function<void(const std::string& key, const std::string& why)>;

void check_optimizer(const TrainingOptions& training, const Idle& idle) {
  const bool lion = training.optimizer == OptimizerKind::lion, muon = training.optimizer == OptimizerKind::muon;
  if (lion)
    for (const char* key : {"adam_beta1", "adam_beta2", "adam_epsilon"}) idle(std::string("training.") + key, "optimizer is lion");
  if (!lion)
    for (const char* key : {"beta1", "beta2"}) idle(std::string("training.lion.") + key, "optimizer is not lion");
  if (!muon)
    for (const char* key : {"momentum", "newton_schulz_steps", "learning_rate"}) idle(std::string("training.muon.") + key, "optimizer is not muon");
}

void check_groups(const TrainingOptions& training, const Wrong& wrong) {
  for (size_t i = 0; i < training.parameter_groups.size(); ++i) {
    const ParameterGroupOptions& group = training.parameter_groups[i];
    const std::string key = fmt::format("training.parameter_groups.{}", i);
    if (group.match.empty()) wrong(key, key + " needs `match:`, a glob over parameter names such as *.embed_tokens.*");
    if (!group.learning_rate && !group.weight_decay) wrong(key, key + " sets nothing; give it a learning_rate, a weight_decay or both");
  }
}

void check_schedule(const TrainingOptions& training, const Wrong& wrong, const Idle& idle) {
  const bool wsd = training.lr_scheduler == Schedule::wsd;
  if (!wsd) idle("training.lr_decay_steps", "lr_scheduler is not wsd");
  if (wsd && training.lr_decay_steps >= 1 && training.lr_decay_steps != std::floor(training.lr_decay_steps))
    wrong("training.lr_decay_steps", "lr_decay_steps is a whole number of steps, or a share below 1");
  if (wsd && training.lr_decay_steps < 1 && training.warmup_steps < 1 && training.lr_decay_steps + training.warmup_steps > 1)
    wrong("training.lr_decay_steps", fmt::format("warmup_steps ({}) and lr_decay_steps ({}) are shares of one training and must not pass 1",
                                                 training.warmup_steps, training.lr_decay_steps));
}

}  // namespace

void check_loop(const TrainingOptions& training, const Wrong& wrong, const Idle& idle) {
  check_optimizer(training, idle);
  check_groups(training, wrong);
  check_schedule(training, wrong, idle);
  if (training.early_stopping.patience == 0) idle("training.early_stopping.min_delta", "early_stopping.patience is 0");
  if (training.loss_spike.deviations <= 0)
    for (const char* key : {"window", "action"}) idle(std::string("training.loss_spike.") + key, "loss_spike.deviations is 0");
  if (training.objective == Objective::dpo) idle("training.z_loss", "objective is dpo, whose loss compares answers");
  if (training.micro_batch_size == 0 && training.gradient_accumulation_steps == 1)
    idle("training.micro_batch_size", "with auto, gradient_accumulation_steps is the number of rows of an optimizer step, and it is 1; set it to 16, say");
}

}  // namespace hone::recipe
