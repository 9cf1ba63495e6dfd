#include "training/loss_spikes.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hone::training {

std::optional<LossSpike> spike_of(const std::vector<double>& recent, double loss,
                                  const recipe::LossSpikeOptions& options) {
  if (options.deviations <= 0.0 || static_cast<int64_t>(recent.size()) < options.window) return std::nullopt;
  const auto count = static_cast<double>(recent.size());
  const double mean = std::accumulate(recent.begin(), recent.end(), 0.0) / count;
  double squares = 0.0;
  for (const double each : recent) squares += (each - mean) * (each - mean);
  const double deviation = std::sqrt(squares / count);
  const double threshold = mean + options.deviations * std::max(deviation, std::abs(mean) / 200.0);
  if (!(loss > threshold)) return std::nullopt;
  return LossSpike{loss, mean, deviation, threshold};
}

void remember(std::vector<double>& recent, double loss, const std::optional<LossSpike>& spike,
              const recipe::LossSpikeOptions& options) {
  if (options.deviations <= 0.0) return;
  recent.push_back(spike ? spike->threshold : loss);
  const auto excess = static_cast<int64_t>(recent.size()) - options.window;
  if (excess > 0) recent.erase(recent.begin(), recent.begin() + excess);
}

}  // namespace hone::training
