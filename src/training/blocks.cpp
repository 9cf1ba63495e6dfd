#include "training/blocks.h"

#include <algorithm>

#include "base/error.h"

namespace hone::training {

std::vector<Block> blocks_of(const ParameterList& parameters) {
  std::vector<Block> blocks;
  for (size_t p = 0; p < parameters.size(); ++p) {
    const int64_t count = parameters[p]->weight.numel();
    for (int64_t begin = 0; begin < count; begin += kBlockElements)
      blocks.push_back({p, begin, std::min(kBlockElements, count - begin)});
  }
  return blocks;
}

ParameterArrays arrays_of(const TrainedParameter& p) {
  const at::Tensor& exact = p.exact();
  HONE_ASSERT(exact.defined() && exact.is_contiguous() && exact.scalar_type() == at::kFloat);
  HONE_ASSERT(p.weight.is_contiguous() && exact.numel() == p.weight.numel());
  ParameterArrays arrays;
  if (p.gradient.defined()) {
    HONE_ASSERT(p.gradient.is_contiguous() && p.gradient.scalar_type() == at::kFloat &&
                p.gradient.numel() == p.weight.numel());
    arrays.gradient = p.gradient.const_data_ptr<float>();
  }
  arrays.weight = exact.mutable_data_ptr<float>();
  if (p.master.defined()) arrays.rounded = p.weight.mutable_data_ptr<c10::BFloat16>();
  return arrays;
}

const float* no_gradient() {
  static const std::vector<float> zeros(kBlockElements, 0.0f);
  return zeros.data();
}

}  // namespace hone::training
