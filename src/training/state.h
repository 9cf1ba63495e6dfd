#pragma once
/// What a training run is at, besides its tensors: all that decides what happens next. Equal states and equal
/// tensors go on equally, whatever process they are in. Nothing here depends on time. Also what the bits
/// depend on besides the recipe: the machine.
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tensor/matmul.h"

namespace hone::training {

struct BestCheckpoint {
  int64_t step = 0;
  double validation_loss = 0.0;
};

struct TrainState {
  int64_t step = 0;           ///< Optimizer steps done.
  int64_t epochs_closed = 0;  ///< Epochs whose end was validated and saved.
  int64_t tokens = 0;         ///< Read by the model so far.
  int64_t trained_tokens = 0;
  std::optional<double> first_validation_loss;  ///< Before the first step; none without validation documents.
  std::optional<double> last_validation_loss;
  std::optional<BestCheckpoint> best;  ///< By validation loss, among epoch ends.
  int64_t epochs_without_improvement = 0;
  std::vector<double> recent_losses;  ///< What a spike is told by (loss_spikes.h), oldest first.
  int64_t spikes = 0;                 ///< Steps whose loss stood out.
  int64_t skipped_steps = 0;          ///< Of them, those whose update was left out.
  int64_t micro_batch_size = 0;       ///< Rows in memory at once: the recipe's, or what auto found at first.
};

nlohmann::json to_json(const TrainState& state);
/// The same for people: without what only the next step needs.
nlohmann::json facts_of(const TrainState& state);
/// Throws data naming the field that is missing or of another type.
TrainState state_from_json(const nlohmann::json& json, const std::string& where);

/// On a CPU, equal machines give equal bytes.
struct Machine {
  int threads = 1;
  std::string instruction_set;  ///< "AVX2", "AVX512 amx_bf16" …
  std::string libtorch;
  tensor::MatmulPolicy products;
  std::string device;
};

Machine this_machine(const at::Device& device);
nlohmann::json to_json(const Machine& machine);

/// Puts the recorded threads and kernel choices in force. What then still differs, one line each, is what
/// this machine is and cannot change; nothing when the run goes on exactly.
std::vector<std::string> take_over(const nlohmann::json& recorded, const at::Device& device);

/// Lines such as "training.learning_rate: 0.0002 in the checkpoint, 0.0001 now" for every leaf that differs.
std::vector<std::string> differences(const nlohmann::json& recorded, const nlohmann::json& present);

}  // namespace hone::training
