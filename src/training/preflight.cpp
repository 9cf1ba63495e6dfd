#include "training/preflight.h"

#include <fmt/format.h>

#include <cmath>
#include <new>

#include "base/error.h"
#include "base/log.h"
#include "checkpoint/checkpoint.h"
#include "tensor/device.h"
#include "training/adamw_kernel.h"

namespace hone::training {
namespace fs = std::filesystem;

namespace {

bool is_finite(const at::Tensor& weight) {
  // One read in float32 catches NaN and Inf; a finite sum that overflows is looked at again exactly.
  if (weight.is_cpu() && weight.scalar_type() == at::kFloat &&
      std::isfinite(sum_of_squares(weight.const_data_ptr<float>(), weight.numel())))
    return true;
  return at::isfinite(weight).all().item<bool>();
}

uint64_t checkpoint_bytes(const model::Model& model, const Optimizer& optimizer) {
  uint64_t bytes = 0;
  model::visit_parameters(model,
                          [&](const std::string&, const at::Tensor& tensor) { bytes += tensor.nbytes(); });
  for (const auto& [name, tensor] : optimizer.state()) bytes += tensor.nbytes();
  return bytes;
}

bool is_out_of_memory(const c10::Error& error) {
  if (dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr) return true;
  const std::string words = tensor::plain_message(error);
  return words.find("can't allocate memory") != std::string::npos ||
         words.find("out of memory") != std::string::npos;
}

}  // namespace

void require_finite_weights(const Optimizer& optimizer) {
  at::NoGradGuard no_grad;
  for (const TrainedParameter& parameter : optimizer.parameters())
    if (!is_finite(parameter.weight))
      throw Error(ExitCode::data,
                  parameter.name + " of the base model holds NaN or Inf; training cannot start from it");
}

void rehearse_saving(const artifact::RunDirectory& run, const model::Model& model,
                     const Optimizer& optimizer) {
  const fs::path rehearsal = run.checkpoints() / "rehearsal";
  std::error_code ignored;
  fs::remove_all(rehearsal, ignored);
  const nlohmann::json inputs = {{"rehearsal", true}};
  std::optional<std::string> difference;
  try {
    checkpoint::save(rehearsal, model, optimizer.state(), {{"rehearsal", true}}, inputs, inputs);
    difference = checkpoint::first_difference(rehearsal, model, optimizer.state());
  } catch (const Error& error) {
    fs::remove_all(rehearsal, ignored);
    const auto room = base::human_bytes(static_cast<double>(checkpoint_bytes(model, optimizer)));
    throw Error(error.code(), fmt::format("a checkpoint cannot be saved in {} (each takes {}): {}",
                                          run.checkpoints().string(), room, error.what()));
  }
  fs::remove_all(rehearsal, ignored);
  if (difference)
    throw Error(ExitCode::storage,
                "a checkpoint did not read back as written: " + *difference + "; check this disk");
}

void try_longest_batch(const Objective& objective, const model::Model& model, Optimizer& optimizer, const dataset::Loader& loader,
                       const dataset::Step& first, const model::ForwardOptions& options) {
  const dataset::Batch longest = loader.longest_batch();
  const auto as_large = [&](const dataset::Batch& batch) { return batch.tokens() >= longest.tokens(); };
  if (std::any_of(first.micro_batches.begin(), first.micro_batches.end(), as_large)) return;
  with_memory_advice([&] { objective.rehearse(model, longest, options); });
  optimizer.drop_gradients();
}

void with_memory_advice(const std::function<void()>& work) {
  constexpr const char* kAdvice =
      "there is not enough memory for the longest batch; lower training.micro_batch_size or "
      "training.sequence_len, or set "
      "training.gradient_checkpointing: true";
  try {
    work();
  } catch (const std::bad_alloc&) {
    throw Error(ExitCode::storage, kAdvice);
  } catch (const c10::Error& error) {
    if (is_out_of_memory(error))
      throw Error(ExitCode::storage, std::string(kAdvice) + " (" + tensor::plain_message(error) + ")");
    throw;
  }
}

}  // namespace hone::training
