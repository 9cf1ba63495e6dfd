#include "training/learning_rate_finder.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/progress.h"
#include "training/objective.h"
#include "training/optimizer.h"
#include "training/plan.h"
#include "training/preflight.h"

namespace hone::training {
namespace {

constexpr double kSmoothing = 0.9;
constexpr double kDivergedAt = 1.5;      // times the least smoothed loss
constexpr int64_t kLeastPoints = 10;     // before anything is said to have diverged
constexpr size_t kSlopeReach = 3;        // points on either side that a slope is taken over

/// Where the smoothed loss falls fastest; the index, or nothing when it never does.
std::optional<size_t> steepest(const std::vector<FinderPoint>& points) {
  std::optional<size_t> best;
  double least = 0.0;
  for (size_t i = kSlopeReach; i + kSlopeReach < points.size(); ++i) {
    const FinderPoint &before = points[i - kSlopeReach], &after = points[i + kSlopeReach];
    const double slope = (after.smoothed - before.smoothed) / (std::log(after.rate) - std::log(before.rate));
    if (slope < least) {
      least = slope;
      best = i;
    }
  }
  return best;
}

/// Copies of what is trained, put back when this ends however it ends.
class KeptWeights {
 public:
  explicit KeptWeights(const Optimizer& optimizer) {
    const at::NoGradGuard no_grad;
    for (const TrainedParameter& p : optimizer.parameters()) kept_.emplace_back(p.weight, p.weight.detach().clone());
  }
  ~KeptWeights() {
    const at::NoGradGuard no_grad;
    for (auto& [weight, copy] : kept_) weight.copy_(copy);
  }
  KeptWeights(const KeptWeights&) = delete;
  KeptWeights& operator=(const KeptWeights&) = delete;

 private:
  std::vector<std::pair<at::Tensor, at::Tensor>> kept_;
};

}  // namespace

FinderCurve raise_rate(const FinderOptions& options, const std::function<double(int64_t, double)>& loss_at) {
  FinderCurve curve;
  double sum = 0.0, least = HUGE_VAL;
  size_t at_least = 0;
  for (int64_t step = 0; step < options.steps && !curve.diverged; ++step) {
    const double along = static_cast<double>(step) / static_cast<double>(std::max<int64_t>(1, options.steps - 1));
    const double rate = options.lowest * std::pow(options.highest / options.lowest, along);
    const double loss = loss_at(step, rate);
    if (!std::isfinite(loss)) {
      curve.diverged = true;
      break;
    }
    sum = kSmoothing * sum + (1.0 - kSmoothing) * loss;
    const double smoothed = sum / (1.0 - std::pow(kSmoothing, static_cast<double>(step + 1)));
    curve.points.push_back({rate, loss, smoothed});
    if (smoothed < least) {
      least = smoothed;
      at_least = curve.points.size() - 1;
    }
    curve.diverged = step + 1 >= kLeastPoints && step + 1 < options.steps && smoothed > kDivergedAt * least;
  }
  if (at_least > 0) curve.of_least = curve.points[at_least].rate / 10.0;
  if (const auto index = steepest(curve.points)) curve.of_steepest = curve.points[*index].rate;
  return curve;
}

FinderCurve find_learning_rate(const TrainSetup& setup, model::Model& model, const dataset::Loader& training,
                               const FinderOptions& options) {
  recipe::TrainingOptions how = setup.options;
  how.ema_decay = 0.0;
  if (how.learning_rate <= 0.0) how.learning_rate = 1.0;  // a rate that is only scaled
  const auto stop_at_request = [&] {
    if (setup.stop_requested()) throw Error(ExitCode::stopped, "stopped while looking for a learning rate; nothing was written");
  };
  const std::unique_ptr<Objective> objective = make_objective({how, setup.run, setup.inputs, training, nullptr});
  if (!objective->prepare(model, [&](int64_t, int64_t) { return !setup.stop_requested(); })) stop_at_request();
  Optimizer optimizer(model, how);
  const KeptWeights kept(optimizer);
  const StepPlan plan = plan_steps(training, how.num_epochs, 0);
  base::Progress progress("learning rate", static_cast<uint64_t>(options.steps), "steps");
  FinderCurve curve;
  with_memory_advice([&] {
    curve = raise_rate(options, [&](int64_t step, double rate) {
      stop_at_request();
      const auto planned = plan.next({.step = step % plan.steps()});
      const model::ForwardOptions forward{.checkpoint_activations = how.gradient_checkpointing,
                                          .noise = model::NoiseKey{.seed = setup.seed, .step = static_cast<uint64_t>(step)},
                                          .neftune_alpha = how.neftune_noise_alpha,
                                          .z_loss = how.z_loss};
      const Loss loss = objective->accumulate(model, training.step(planned->epoch, planned->index), forward);
      const double norm = optimizer.gradient_norm();
      if (std::isfinite(loss.mean) && std::isfinite(norm)) optimizer.update(step + 1, rate / how.learning_rate, norm);
      optimizer.drop_gradients();
      progress.update(static_cast<uint64_t>(step + 1));
      return std::isfinite(norm) ? loss.mean : norm;
    });
  });
  progress.finish();
  return curve;
}

nlohmann::json to_json(const FinderCurve& curve) {
  const auto optional = [](const std::optional<double>& value) { return value ? nlohmann::json(*value) : nlohmann::json(); };
  nlohmann::json points = nlohmann::json::array();
  for (const FinderPoint& p : curve.points) points.push_back({p.rate, p.loss, p.smoothed});
  return {{"suggested", optional(curve.of_least)},
          {"of_least", optional(curve.of_least)},
          {"of_steepest", optional(curve.of_steepest)},
          {"diverged", curve.diverged},
          {"points", points}};
}

}  // namespace hone::training
