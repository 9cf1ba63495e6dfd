#pragma once
/// The global norm of the gradient and what clipping makes of it (Pascanu et al. 2013):
///   norm = √ Σ g² over all parameters     scale = min(1, max_norm / (norm + 1e-6))
/// The scale goes into the optimizer's own pass over memory (RuleStep::gradient_scale).
#include "training/update_rule.h"

namespace hone::training {

/// Summed in double over blocks of a fixed size, so the same for any number of threads.
double gradient_norm(const ParameterList& parameters);

/// `max_norm` 0: never clipped.
double clip_scale(double norm, double max_norm);

}  // namespace hone::training
