#include "training/dpo_loss.h"

#include <algorithm>
#include <cmath>

namespace hone::training {
namespace {

/// log σ(x) without overflow on either side.
double log_sigmoid(double x) { return std::min(x, 0.0) - std::log1p(std::exp(-std::abs(x))); }

double sigmoid(double x) { return std::exp(log_sigmoid(x)); }

double divisor(const ScoredAnswer& answer) { return static_cast<double>(std::max<int64_t>(1, answer.tokens)); }

}  // namespace

PairLoss pair_loss(const recipe::DpoOptions& options, const ScoredAnswer& chosen, const ScoredAnswer& rejected) {
  const double beta = options.beta;
  const double chosen_ratio = chosen.log_probability - chosen.reference,
               rejected_ratio = rejected.log_probability - rejected.reference;
  PairLoss pair{.chosen_reward = beta * chosen_ratio, .rejected_reward = beta * rejected_ratio};
  if (options.loss == recipe::DpoLoss::ipo) {
    const double distance =
        chosen_ratio / divisor(chosen) - rejected_ratio / divisor(rejected) - 1.0 / (2.0 * beta);
    pair.loss = distance * distance;
    pair.chosen_slope = 2.0 * distance / divisor(chosen);
    pair.rejected_slope = -2.0 * distance / divisor(rejected);
    return pair;
  }
  const double x = beta * (chosen_ratio - rejected_ratio), smoothing = options.label_smoothing;
  pair.loss = -(1.0 - smoothing) * log_sigmoid(x) - smoothing * log_sigmoid(-x);
  pair.chosen_slope = beta * (smoothing * sigmoid(x) - (1.0 - smoothing) * sigmoid(-x));
  pair.rejected_slope = -pair.chosen_slope;
  return pair;
}

}  // namespace hone::training
