#include "training/weight_average.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "tensor/simd.h"
#include "training/blocks.h"

namespace hone::training {
namespace {

HONE_CLONES
void average_block(const float* __restrict weight, float* __restrict average, float share, int64_t count) {
  for (int64_t i = 0; i < count; ++i) average[i] += share * (weight[i] - average[i]);
}

double decay_at(double decay, int64_t step) {
  const auto t = static_cast<double>(step);
  return std::min(decay, (1.0 + t) / (10.0 + t));
}

}  // namespace

WeightAverage::WeightAverage(ParameterList parameters, double decay) : decay_(decay) {
  if (decay <= 0.0) return;
  at::NoGradGuard no_grad;
  parameters_ = std::move(parameters);
  for (const TrainedParameter* p : parameters_)
    averages_.push_back(p->exact().detach().clone(at::MemoryFormat::Contiguous));
}

void WeightAverage::update(int64_t step) {
  HONE_ASSERT(!shown_);
  if (parameters_.empty()) return;
  at::NoGradGuard no_grad;
  const double share = 1.0 - decay_at(decay_, step);
  if (!parameters_.front()->weight.is_cpu()) {
    for (size_t i = 0; i < parameters_.size(); ++i) averages_[i].lerp_(parameters_[i]->exact(), share);
    return;
  }
  const std::vector<Block> blocks = blocks_of(parameters_);
  at::parallel_for(0, static_cast<int64_t>(blocks.size()), 1, [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) {
      const auto [parameter, first, count] = blocks[b];
      average_block(parameters_[parameter]->exact().const_data_ptr<float>() + first,
                    averages_[parameter].mutable_data_ptr<float>() + first, static_cast<float>(share), count);
    }
  });
}

void WeightAverage::show() {
  if (std::exchange(shown_, true)) return;
  at::NoGradGuard no_grad;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    TrainedParameter& p = *parameters_[i];
    const at::Tensor trained = p.master.defined() ? at::Tensor() : p.weight.detach().clone();
    p.weight.copy_(averages_[i]);
    if (trained.defined()) averages_[i].copy_(trained);
  }
}

void WeightAverage::hide() {
  if (!std::exchange(shown_, false)) return;
  at::NoGradGuard no_grad;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    TrainedParameter& p = *parameters_[i];
    if (p.master.defined()) {
      p.weight.copy_(p.master);
      continue;
    }
    const at::Tensor average = p.weight.detach().clone();
    p.weight.copy_(averages_[i]);
    averages_[i].copy_(average);
  }
}

tensor::NamedTensors WeightAverage::state() const {
  tensor::NamedTensors tensors;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const TrainedParameter& p = *parameters_[i];
    tensors.emplace_back((p.master.defined() ? "average." : "trained.") + p.name, averages_[i]);
  }
  return tensors;
}

}  // namespace hone::training
