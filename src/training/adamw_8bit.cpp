#include "training/adamw_8bit.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "tensor/blockwise_8bit_kernel.h"
#include "training/adamw_kernel.h"
#include "training/blocks.h"

namespace hone::training {
namespace {

using tensor::dynamic_map;
using tensor::EightBitMap;
using tensor::MapSign;

static_assert(kBlockElements % kEightBitBlock == 0, "blocks of moments begin where a thread's elements do");

EightBitMoment zero_moment(const at::Tensor& weight) {
  const int64_t blocks = (weight.numel() + kEightBitBlock - 1) / kEightBitBlock;
  const auto options = weight.options().requires_grad(false);
  return {at::zeros(weight.sizes(), options.dtype(at::kByte)), at::zeros({blocks}, options.dtype(at::kFloat))};
}

/// Codes and scales of one moment where a thread works.
struct Place {
  uint8_t* codes;
  float* absmax;
};

Place place_of(const EightBitMoment& moment, int64_t first) {
  return {moment.codes.mutable_data_ptr<uint8_t>() + first,
          moment.absmax.mutable_data_ptr<float>() + first / kEightBitBlock};
}

void encode(const tensor::CodeCells& cells, const float* values, int64_t count, const Place& place) {
  *place.absmax = tensor::eight_bit_absmax(values, count);
  tensor::eight_bit_encode(cells, values, 1.0f / std::max(*place.absmax, tensor::kLeastAbsmax), count, place.codes);
}

at::Tensor map_tensor(const float* values, int64_t count, const at::Device& device) {
  return at::from_blob(const_cast<float*>(values), {count}, at::TensorOptions(at::kFloat)).to(device);
}

at::Tensor decoded(const EightBitMoment& moment, const EightBitMap& map) {
  const at::Tensor values = map_tensor(map.value.data(), 256, moment.codes.device());
  const at::Tensor scales = moment.absmax.repeat_interleave(kEightBitBlock).narrow(0, 0, moment.codes.numel());
  return (values.index_select(0, moment.codes.flatten().to(at::kLong)) * scales).view(moment.codes.sizes());
}

void encode_reference(EightBitMoment& moment, const at::Tensor& values, const EightBitMap& map) {
  const int64_t count = values.numel(), blocks = moment.absmax.numel();
  const at::Tensor padded = at::constant_pad_nd(values.flatten(), {0, blocks * kEightBitBlock - count}).view({blocks, kEightBitBlock});
  moment.absmax.copy_(padded.abs().amax(1));
  const at::Tensor scaled = padded * moment.absmax.clamp_min(tensor::kLeastAbsmax).reciprocal().unsqueeze(1);
  const at::Tensor codes = at::bucketize(scaled, map_tensor(map.midpoint.data(), 255, values.device()));
  moment.codes.copy_(codes.flatten().narrow(0, 0, count).view(values.sizes()).to(at::kByte));
}

class AdamW8bit final : public UpdateRule {
 public:
  AdamW8bit(ParameterList parameters, const AdamWOptions& options) : options_(options) {
    ParameterList small;
    for (TrainedParameter* p : parameters) {
      if (p->weight.numel() < kLeastEightBit) {
        small.push_back(p);
        continue;
      }
      large_.push_back(p);
      moments_.push_back({zero_moment(p->weight), zero_moment(p->weight)});
    }
    small_ = make_adamw(std::move(small), options);
  }

  void step(const RuleStep& how) override {
    at::NoGradGuard no_grad;
    small_->step(how);
    if (large_.empty()) return;
    if (large_.front()->weight.is_cpu())
      step_on_cpu(how);
    else
      for (size_t i = 0; i < large_.size(); ++i)
        adamw_8bit_reference(*large_[i], moments_[i].first, moments_[i].second, options_, how);
  }

  tensor::NamedTensors state() const override {
    tensor::NamedTensors tensors = small_->state();
    for (size_t i = 0; i < large_.size(); ++i) {
      const std::string& name = large_[i]->name;
      tensors.emplace_back("first_moment." + name, moments_[i].first.codes);
      tensors.emplace_back("first_moment_absmax." + name, moments_[i].first.absmax);
      tensors.emplace_back("second_moment." + name, moments_[i].second.codes);
      tensors.emplace_back("second_moment_absmax." + name, moments_[i].second.absmax);
    }
    return tensors;
  }

 private:
  struct Moments {
    EightBitMoment first, second;
  };

  void step_on_cpu(const RuleStep& how) {
    std::vector<ParameterArrays> arrays;
    std::vector<AdamWStep> steps;
    for (const TrainedParameter* p : large_) {
      arrays.push_back(arrays_of(*p));
      steps.push_back(kernel_step(options_, *p, how));
    }
    const std::vector<Block> blocks = blocks_of(large_);
    at::parallel_for(0, static_cast<int64_t>(blocks.size()), 1, [&](int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; ++b)
        for (int64_t done = 0; done < blocks[b].count; done += kEightBitBlock)
          step_block(steps[blocks[b].parameter], arrays[blocks[b].parameter], moments_[blocks[b].parameter],
                     blocks[b].begin + done, std::min(kEightBitBlock, blocks[b].count - done));
    });
  }

  static void step_block(const AdamWStep& how, const ParameterArrays& arrays, const Moments& moments, int64_t first,
                         int64_t count) {
    static const tensor::CodeCells both = tensor::make_code_cells(dynamic_map(MapSign::both));
    static const tensor::CodeCells positive = tensor::make_code_cells(dynamic_map(MapSign::positive));
    float m[kEightBitBlock], v[kEightBitBlock];
    const Place m_place = place_of(moments.first, first), v_place = place_of(moments.second, first);
    tensor::eight_bit_decode(dynamic_map(MapSign::both), m_place.codes, *m_place.absmax, count, m);
    tensor::eight_bit_decode(dynamic_map(MapSign::positive), v_place.codes, *v_place.absmax, count, v);
    const float* gradient = arrays.gradient != nullptr ? arrays.gradient + first : no_gradient();
    if (arrays.rounded == nullptr)
      adamw_block(how, gradient, arrays.weight + first, m, v, count);
    else
      adamw_block(how, gradient, arrays.weight + first, m, v, arrays.rounded + first, count);
    encode(both, m, count, m_place);
    encode(positive, v, count, v_place);
  }

  AdamWOptions options_;
  std::unique_ptr<UpdateRule> small_;
  ParameterList large_;
  std::vector<Moments> moments_;
};

}  // namespace

std::unique_ptr<UpdateRule> make_adamw_8bit(ParameterList parameters, const AdamWOptions& options) {
  return std::make_unique<AdamW8bit>(std::move(parameters), options);
}

void adamw_8bit_reference(TrainedParameter& p, EightBitMoment& first, EightBitMoment& second, const AdamWOptions& options,
                          const RuleStep& how) {
  at::NoGradGuard no_grad;
  at::Tensor m = decoded(first, dynamic_map(MapSign::both)), v = decoded(second, dynamic_map(MapSign::positive));
  adamw_reference(p, m, v, options, how);
  encode_reference(first, m, dynamic_map(MapSign::both));
  encode_reference(second, v, dynamic_map(MapSign::positive));
}

}  // namespace hone::training
