#include "tensor/lora.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/random.h"
#include "tensor/gradient.h"
#include "tensor/matmul.h"

namespace hone::tensor {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

struct LoraAdd : torch::autograd::Function<LoraAdd> {
  static at::Tensor forward(AutogradContext* context, const Variable& y, const Variable& x, const Variable& a,
                            const Variable& b, double scale) {
    const at::Tensor wide_x = operand(x);
    const at::ScalarType compute = wide_x.scalar_type();
    const at::Tensor inner = wide_x.mm(a.to(compute).t());
    const at::Tensor sum = at::addmm(y.to(compute), inner, b.to(compute).t(), 1.0, scale);
    context->save_for_backward({x, a, b, inner});
    context->saved_data["scale"] = scale;
    return sum.to(x.scalar_type());
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &a = saved[1], &b = saved[2], &inner = saved[3];
    const double scale = context->saved_data["scale"].toDouble();
    const at::Tensor wide_x = operand(x), g = operand(gradients[0].contiguous());
    const at::ScalarType compute = wide_x.scalar_type();
    if (b.requires_grad()) add_gradient_product(b, g.t(), inner * scale);
    at::Tensor dx;
    if (a.requires_grad() || context->needs_input_grad(1)) {
      const at::Tensor through_b = g.mm(b.to(compute)).mul_(scale);
      if (a.requires_grad()) add_gradient_product(a, through_b.t(), wide_x);
      if (context->needs_input_grad(1)) dx = through_b.mm(a.to(compute)).to(x.scalar_type());
    }
    return {context->needs_input_grad(0) ? gradients[0] : at::Tensor(), dx, at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

struct RowScale : torch::autograd::Function<RowScale> {
  static at::Tensor forward(AutogradContext* context, const Variable& v, const Variable& magnitude,
                            const at::Tensor& norm) {
    context->save_for_backward({v, magnitude, norm});
    return (v * (magnitude / norm)).to(v.scalar_type());
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &v = saved[0], &magnitude = saved[1], &norm = saved[2];
    const at::Tensor g = gradients[0].to(norm.scalar_type());
    if (magnitude.requires_grad()) add_gradient(magnitude, (g * v).sum(0).div_(norm));
    at::Tensor dv;
    if (context->needs_input_grad(0)) dv = (g * (magnitude / norm)).to(v.scalar_type());
    return {dv, at::Tensor(), at::Tensor()};
  }
};

constexpr double kSteps = 65536.0;

/// 1 where a value is kept. A stream for each row, so the mask does not depend on the number of threads.
at::Tensor kept_values(int64_t rows, int64_t columns, uint32_t dropped, const DropoutKey& key) {
  at::Tensor mask = at::empty({rows, columns}, at::kBool);
  bool* const first = mask.mutable_data_ptr<bool>();
  const std::string purpose = "dropout before " + key.layer;
  at::parallel_for(0, rows, 16, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      base::RandomStream stream(key.seed, purpose, key.first_token + static_cast<uint32_t>(row), key.step);
      bool* const values = first + row * columns;
      for (int64_t i = 0; i < columns; i += 2) {
        const uint32_t two = stream.next_u32();
        values[i] = (two & 0xFFFF) >= dropped;
        if (i + 1 < columns) values[i + 1] = (two >> 16) >= dropped;
      }
    }
  });
  return mask;
}

struct Dropout : torch::autograd::Function<Dropout> {
  static at::Tensor forward(AutogradContext* context, const Variable& x, const at::Tensor& mask, double scale) {
    context->save_for_backward({mask});
    context->saved_data["scale"] = scale;
    return (x * mask).mul_(scale);
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const at::Tensor mask = context->get_saved_variables()[0];
    return {(gradients[0] * mask).mul_(context->saved_data["scale"].toDouble()), at::Tensor(), at::Tensor()};
  }
};

}  // namespace

at::Tensor lora_add(const at::Tensor& y, const at::Tensor& x, const at::Tensor& a, const at::Tensor& b, double scale) {
  HONE_ASSERT(a.size(1) == x.size(1) && b.size(1) == a.size(0) && b.size(0) == y.size(1) && x.size(0) == y.size(0));
  return LoraAdd::apply(y, x, a, b, scale);
}

at::Tensor row_scale(const at::Tensor& v, const at::Tensor& magnitude, const at::Tensor& norm) {
  HONE_ASSERT(magnitude.sizes() == norm.sizes() && v.size(1) == norm.size(0));
  return RowScale::apply(v, magnitude, norm);
}

at::Tensor adapted_row_norms(const at::Tensor& weight, const at::Tensor& a, const at::Tensor& b, double scale) {
  constexpr int64_t kRows = 2048;
  const at::NoGradGuard no_grad;
  const at::ScalarType wide = gradient_dtype(weight);
  std::vector<at::Tensor> norms;
  for (int64_t row = 0; row < weight.size(0); row += kRows) {
    const int64_t count = std::min(kRows, weight.size(0) - row);
    norms.push_back(at::addmm(weight.detach().narrow(0, row, count).to(wide), b.detach().narrow(0, row, count).to(wide),
                              a.detach().to(wide), 1.0, scale)
                        .norm(2, 1));
  }
  return at::cat(norms);
}

at::Tensor dropout(const at::Tensor& x, double share, const DropoutKey& key) {
  const auto dropped = static_cast<uint32_t>(std::lround(share * kSteps));
  HONE_ASSERT(dropped < static_cast<uint32_t>(kSteps));
  if (dropped == 0) return x;
  const at::Tensor mask = kept_values(x.size(0), x.size(1), dropped, key).to(x.device());
  return Dropout::apply(x, mask, kSteps / (kSteps - static_cast<double>(dropped)));
}

}  // namespace hone::tensor
