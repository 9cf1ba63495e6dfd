#include "training/passes.h"

#include "base/error.h"

namespace hone::training {

Loss accumulate(const model::Model& model, const dataset::Step& step, const model::ForwardOptions& options) {
  HONE_ASSERT(step.trained > 0);
  const double gradient_scale = 1.0 / static_cast<double>(step.trained);
  at::Tensor nll = at::zeros({}, at::TensorOptions().dtype(at::kDouble).device(model.device())), added = nll.clone();
  model::ForwardOptions each = options;
  for (const dataset::Batch& batch : step.micro_batches) {
    if (!batch.empty()) {
      const model::LossSum loss = model::loss(model, model::to_device(batch, model), each);
      model::backward(loss, gradient_scale);
      nll += loss.nll_sum;
      added += loss.total.detach() - loss.nll_sum;
    }
    if (each.noise) each.noise->first_token += static_cast<uint32_t>(batch.tokens());  // no two tokens draw the same
  }
  Loss result{.mean = nll.item<double>() * gradient_scale,
              .tokens = step.tokens,
              .trained_tokens = step.trained,
              .metrics = {}};
  if (options.z_loss > 0.0) result.metrics.push_back({"z_loss", added.item<double>() * gradient_scale});
  return result;
}

std::optional<Loss> validate(const model::Model& model, const dataset::Loader& loader,
                             const std::function<bool(int64_t done, int64_t total)>& keep_going) {
  at::NoGradGuard no_grad;
  Loss loss;
  double nll = 0.0;
  for (int64_t index = 0; index < loader.steps_in(0); ++index) {
    if (!keep_going(index, loader.steps_in(0))) return std::nullopt;
    const dataset::Step step = loader.step(0, index);
    for (const dataset::Batch& batch : step.micro_batches) {
      if (batch.empty()) continue;
      nll += model::loss(model, model::to_device(batch, model)).nll_sum.item<double>();
    }
    loss.tokens += step.tokens;
    loss.trained_tokens += step.trained;
  }
  if (loss.trained_tokens == 0)
    throw Error(ExitCode::data, "the validation documents hold no token to be predicted");
  loss.mean = nll / static_cast<double>(loss.trained_tokens);
  return loss;
}

}  // namespace hone::training
