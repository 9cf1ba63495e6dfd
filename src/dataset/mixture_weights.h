#pragma once
/// What a mixture makes of one epoch: how often each source is read, from what there is of it (mixture.h has the formula).
#include <cstdint>
#include <optional>
#include <vector>

#include "recipe/mixture.h"

namespace hone::dataset {

/// `amounts`: of each source its trained tokens, or whatever is proportional to them; `options`: what the recipe says of it,
/// if anything. Throws usage when the shares of the epoch leave nothing for the other sources.
std::vector<double> mixture_weights(const std::vector<std::optional<recipe::MixtureOptions>>& options, const std::vector<double>& amounts, int64_t epoch);

}  // namespace hone::dataset
