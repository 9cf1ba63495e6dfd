#include "training/adamw.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "training/adamw_kernel.h"

namespace hone::training {
namespace {

/// Elements a thread takes at a time: 5 arrays of 64 KiB stay in a core's own cache.
constexpr int64_t kBlock = 16384;

struct Block {
  size_t parameter;
  int64_t begin, count;
};

/// Blocks of all parameters in order. Fixed size, so sums over them do not depend on who computes them.
std::vector<Block> blocks_of(const std::vector<TrainedParameter>& parameters) {
  std::vector<Block> blocks;
  for (size_t p = 0; p < parameters.size(); ++p) {
    const int64_t count = parameters[p].weight.numel();
    for (int64_t begin = 0; begin < count; begin += kBlock)
      blocks.push_back({p, begin, std::min(kBlock, count - begin)});
  }
  return blocks;
}

struct Pointers {
  const float* gradient = nullptr;
  float* weight = nullptr;
  float* first_moment = nullptr;
  float* second_moment = nullptr;
  at::BFloat16* rounded = nullptr;
};

Pointers pointers_of(TrainedParameter& p) {
  const bool halved = p.weight.scalar_type() == at::kBFloat16;
  const at::Tensor& exact = halved ? p.master : p.weight;
  for (const at::Tensor& tensor : {exact, p.first_moment, p.second_moment})
    HONE_ASSERT(tensor.defined() && tensor.is_contiguous() && tensor.scalar_type() == at::kFloat &&
                tensor.numel() == p.weight.numel());
  HONE_ASSERT(p.weight.is_contiguous());
  Pointers pointers;
  if (p.gradient.defined()) {
    HONE_ASSERT(p.gradient.is_contiguous() && p.gradient.scalar_type() == at::kFloat &&
                p.gradient.numel() == p.weight.numel());
    pointers.gradient = p.gradient.const_data_ptr<float>();
  }
  pointers.weight = exact.mutable_data_ptr<float>();
  pointers.first_moment = p.first_moment.mutable_data_ptr<float>();
  pointers.second_moment = p.second_moment.mutable_data_ptr<float>();
  if (halved) pointers.rounded = p.weight.mutable_data_ptr<at::BFloat16>();
  return pointers;
}

AdamWStep step_of(const AdamWOptions& options, int64_t step, double rate, double gradient_scale,
                  bool decays) {
  const double correction1 = 1.0 - std::pow(options.beta1, static_cast<double>(step));
  const double correction2 = 1.0 - std::pow(options.beta2, static_cast<double>(step));
  return {.gradient_scale = static_cast<float>(gradient_scale),
          .keep = static_cast<float>(decays ? 1.0 - rate * options.weight_decay : 1.0),
          .beta1 = static_cast<float>(options.beta1),
          .beta2 = static_cast<float>(options.beta2),
          .rate = static_cast<float>(rate / correction1),
          .second_scale = static_cast<float>(1.0 / std::sqrt(correction2)),
          .epsilon = static_cast<float>(options.epsilon)};
}

/// Devices without a loop of ours: LibTorch's fused kernel for float32, then one rounding copy for bfloat16
/// weights.
void adamw_on_device(TrainedParameter& p, const AdamWOptions& options, int64_t step, double rate,
                     double gradient_scale) {
  const bool halved = p.weight.scalar_type() == at::kBFloat16;
  at::Tensor exact = halved ? p.master : p.weight;
  at::Tensor gradient = p.gradient.defined() ? p.gradient * gradient_scale : at::zeros_like(exact);
  const at::Tensor count = at::full({}, static_cast<double>(step), exact.options());
  at::_fused_adamw_({exact}, {gradient}, {p.first_moment}, {p.second_moment}, {}, {count}, rate,
                    options.beta1, options.beta2, p.decays ? options.weight_decay : 0.0, options.epsilon,
                    false, false);
  if (halved) p.weight.copy_(exact);
}

}  // namespace

void adamw_step(std::vector<TrainedParameter>& parameters, const AdamWOptions& options, int64_t step,
                double rate, double gradient_scale) {
  at::NoGradGuard no_grad;
  if (!parameters.empty() && !parameters.front().weight.is_cpu()) {
    for (TrainedParameter& p : parameters) adamw_on_device(p, options, step, rate, gradient_scale);
    return;
  }
  const AdamWStep decaying = step_of(options, step, rate, gradient_scale, true);
  const AdamWStep keeping = step_of(options, step, rate, gradient_scale, false);
  std::vector<Pointers> pointers;
  for (TrainedParameter& p : parameters) pointers.push_back(pointers_of(p));
  const std::vector<Block> blocks = blocks_of(parameters);
  static const std::vector<float> kNoGradient(kBlock, 0.0f);
  at::parallel_for(0, static_cast<int64_t>(blocks.size()), 1, [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) {
      const Block& block = blocks[b];
      const Pointers& at = pointers[block.parameter];
      const AdamWStep& how = parameters[block.parameter].decays ? decaying : keeping;
      const float* gradient = at.gradient != nullptr ? at.gradient + block.begin : kNoGradient.data();
      float* weight = at.weight + block.begin;
      float* first_moment = at.first_moment + block.begin;
      float* second_moment = at.second_moment + block.begin;
      if (at.rounded == nullptr)
        adamw_block(how, gradient, weight, first_moment, second_moment, block.count);
      else
        adamw_block(how, gradient, weight, first_moment, second_moment, at.rounded + block.begin,
                    block.count);
    }
  });
}

void adamw_reference(TrainedParameter& p, const AdamWOptions& options, int64_t step, double rate,
                     double gradient_scale) {
  at::NoGradGuard no_grad;
  at::Tensor exact = p.master.defined() ? p.master : p.weight;
  const at::Tensor g = p.gradient.defined() ? p.gradient * gradient_scale : at::zeros_like(exact);
  if (p.decays) exact.mul_(1.0 - rate * options.weight_decay);
  p.first_moment.mul_(options.beta1).add_(g, 1.0 - options.beta1);
  p.second_moment.mul_(options.beta2).addcmul_(g, g, 1.0 - options.beta2);
  const at::Tensor m = p.first_moment / (1.0 - std::pow(options.beta1, static_cast<double>(step)));
  const at::Tensor v = p.second_moment / (1.0 - std::pow(options.beta2, static_cast<double>(step)));
  exact.sub_(rate * (m / (v.sqrt() + options.epsilon)));
  if (p.master.defined()) p.weight.copy_(exact);
}

double gradient_norm(const std::vector<TrainedParameter>& parameters) {
  at::NoGradGuard no_grad;
  if (!parameters.empty() && !parameters.front().weight.is_cpu()) {
    at::Tensor total = at::zeros({}, parameters.front().weight.options().dtype(at::kDouble));
    for (const TrainedParameter& p : parameters)
      if (p.gradient.defined()) total += p.gradient.square().sum(at::kDouble);
    return std::sqrt(total.item<double>());
  }
  const std::vector<Block> blocks = blocks_of(parameters);
  std::vector<double> sums(blocks.size(), 0.0);
  at::parallel_for(0, static_cast<int64_t>(blocks.size()), 1, [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) {
      const at::Tensor& gradient = parameters[blocks[b].parameter].gradient;
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
