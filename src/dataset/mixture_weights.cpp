#include "dataset/mixture_weights.h"

#include <fmt/format.h>

#include "base/error.h"

namespace hone::dataset {

using recipe::MixtureOptions;

namespace {

bool active(const std::optional<MixtureOptions>& options, int64_t epoch) { return !options || !options->epochs || epoch < *options->epochs; }

}  // namespace

std::vector<double> mixture_weights(const std::vector<std::optional<MixtureOptions>>& options, const std::vector<double>& amounts, int64_t epoch) {
  std::vector<double> weights(options.size(), 1.0);
  double fixed = 0, shares = 0, shared_amount = 0;
  for (size_t source = 0; source < options.size(); ++source) {
    if (!active(options[source], epoch)) {
      weights[source] = 0;
    } else if (options[source] && options[source]->share) {
      shares += *options[source]->share;
      shared_amount += amounts[source];
    } else {
      if (options[source]) weights[source] = options[source]->weight;
      fixed += weights[source] * amounts[source];
    }
  }
  if (fixed > 0 && shares >= 1)
    throw Error(ExitCode::usage, fmt::format("the shares in training.mixture sum to {:.2f} in epoch {} and leave nothing for the other sources", shares, epoch + 1));
  const double total = fixed > 0 ? fixed / (1 - shares) : shares > 0 ? shared_amount / shares : 0;
  for (size_t source = 0; source < options.size(); ++source)
    if (active(options[source], epoch) && options[source] && options[source]->share)
      weights[source] = amounts[source] > 0 ? *options[source]->share * total / amounts[source] : 0;
  return weights;
}

}  // namespace hone::dataset
