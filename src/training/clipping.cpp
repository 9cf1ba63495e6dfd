#include "training/clipping.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "training/adamw_kernel.h"
#include "training/blocks.h"

namespace hone::training {

double gradient_norm(const ParameterList& parameters) {
  at::NoGradGuard no_grad;
  if (!parameters.empty() && !parameters.front()->weight.is_cpu()) {
    at::Tensor total = at::zeros({}, parameters.front()->weight.options().dtype(at::kDouble));
    for (const TrainedParameter* p : parameters)
      if (p->gradient.defined()) total += p->gradient.square().sum(at::kDouble);
    return std::sqrt(total.item<double>());
  }
  const std::vector<Block> blocks = blocks_of(parameters);
  std::vector<double> sums(blocks.size(), 0.0);
  at::parallel_for(0, static_cast<int64_t>(blocks.size()), 1, [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) {
      const at::Tensor& gradient = parameters[blocks[b].parameter]->gradient;
      if (gradient.defined())
        sums[b] = sum_of_squares(gradient.const_data_ptr<float>() + blocks[b].begin, blocks[b].count);
    }
  });
  double total = 0.0;
  for (const double sum : sums) total += sum;
  return std::sqrt(total);
}

double clip_scale(double norm, double max_norm) {
  return max_norm > 0.0 ? std::min(1.0, max_norm / (norm + 1e-6)) : 1.0;
}

}  // namespace hone::training
