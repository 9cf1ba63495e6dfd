#pragma once
/// Steps whose loss stands out from the ones before it: a broken document, a batch of another kind, or the start of a
/// divergence. With m and s the mean and standard deviation of the last `window` losses, a loss is a spike when
///   loss > m + deviations · max(s, |m| / 200)
/// once the window is full; the floor keeps a loss that hardly moves from making a spike of nothing. A spike is
/// remembered as the threshold it passed: one does not hide the next, and a loss that stays high is accepted in time.
#include <optional>
#include <vector>

#include "recipe/training.h"

namespace hone::training {

struct LossSpike {
  double loss = 0.0, mean = 0.0, deviation = 0.0;
  double threshold = 0.0;
};

/// `recent`: the remembered losses, oldest first. Nothing when the loss is within bounds or spikes are not watched.
std::optional<LossSpike> spike_of(const std::vector<double>& recent, double loss,
                                  const recipe::LossSpikeOptions& options);

/// Adds a loss (its threshold, when it was a spike) and forgets the oldest beyond the window.
void remember(std::vector<double>& recent, double loss, const std::optional<LossSpike>& spike,
              const recipe::LossSpikeOptions& options);

}  // namespace hone::training
