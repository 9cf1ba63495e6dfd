#pragma once
/// Looking for a learning rate by a run that raises it (Smith 2017, "Cyclical learning rates for training neural
/// networks"; the form of fastai): step i of n trains one real batch at
///   rate_i = lowest · (highest / lowest)^(i / (n − 1))
/// and its loss is smoothed, s_i = (β s + (1 − β) loss) / (1 − β^(i+1)) with β = 0.9. It ends early where a loss is not
/// finite or s is half as high again as its least. Two rates follow from the curve:
///   a tenth of the rate where s is least: what is suggested, as the least lies near where training falls apart
///   the rate where s falls fastest against log rate: never so late
/// Rates of parameter groups, LoRA+ and Muon rise alongside in their proportion to learning_rate.
#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "dataset/loader.h"
#include "model/model.h"
#include "training/trainer.h"

namespace hone::training {

struct FinderOptions {
  int64_t steps = 100;
  double lowest = 1e-7;
  double highest = 1.0;
};

struct FinderPoint {
  double rate = 0.0;
  double loss = 0.0;
  double smoothed = 0.0;
};

struct FinderCurve {
  std::vector<FinderPoint> points;
  bool diverged = false;                ///< Ended before the last step.
  std::optional<double> of_least;       ///< A tenth of the rate of the least smoothed loss.
  std::optional<double> of_steepest;    ///< Nothing when the loss never falls.
};

/// The curve of losses measured at rising rates; `loss_at(step, rate)` trains that step.
FinderCurve raise_rate(const FinderOptions& options, const std::function<double(int64_t step, double rate)>& loss_at);

/// The same on a model with the data, objective and optimizer of `setup`. Weights are as before on return, to the byte.
/// Throws stopped when a stop was asked for.
FinderCurve find_learning_rate(const TrainSetup& setup, model::Model& model, const dataset::Loader& training,
                               const FinderOptions& options);

/// {"suggested", "of_least", "of_steepest", "diverged", "points": [[rate, loss, smoothed], …]}
nlohmann::json to_json(const FinderCurve& curve);

/// The curve as a picture with a table beside it, on its own: rate on a logarithmic axis, both losses, the two rates.
std::string to_svg(const FinderCurve& curve);

}  // namespace hone::training
