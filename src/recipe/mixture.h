#pragma once
/// How often the documents of a source are read: `training.mixture`. Sources that are not named are read once an epoch.
#include <cstdint>
#include <optional>
#include <string>

#include "recipe/binder.h"

namespace hone::recipe {

struct MixtureOptions {
  std::string source;            ///< Its name in corpus.sources.
  double weight = 1.0;           ///< Readings an epoch; of a fraction another part is drawn each epoch.
  std::optional<double> share;   ///< Of the trained tokens of an epoch, instead of a weight: replay of general text against forgetting.
  std::optional<int64_t> epochs; ///< Read in the first so many epochs alone.
};

void describe(Binder& bind, MixtureOptions& options);

}  // namespace hone::recipe
