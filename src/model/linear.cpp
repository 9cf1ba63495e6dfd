#include "model/linear.h"

#include "tensor/linear.h"
#include "tensor/lora.h"
#include "tensor/nf4_linear.h"

namespace hone::model {
namespace {

bool is_adapted(const Linear& linear, const LinearUse& use) { return linear.adapter && use.adapters == Adapters::on; }

/// DoRA scales W x alone, so the bias is added after it.
bool adds_bias_itself(const Linear& linear, const LinearUse& use) {
  return is_adapted(linear, use) && linear.adapter->magnitude.defined();
}

at::Tensor base_product(const Linear& linear, const at::Tensor& x) {
  if (const auto* in_four_bits = std::get_if<tensor::Nf4Weight>(&linear.weight)) return tensor::nf4_linear(x, *in_four_bits, {});
  return tensor::linear(x, {dense_weight(linear), {}});
}

/// One result for each: those of plain matrices from one pass over x, each matrix in four bits decoded for itself.
std::vector<at::Tensor> base_products(const std::vector<NamedLinear>& linears, const at::Tensor& x, const LinearUse& use) {
  std::vector<at::Tensor> results(linears.size());
  std::vector<tensor::WeightAndBias> plain;
  std::vector<size_t> place;
  for (size_t i = 0; i < linears.size(); ++i) {
    const Linear& linear = linears[i].linear;
    const at::Tensor bias = adds_bias_itself(linear, use) ? at::Tensor() : linear.bias;
    if (const auto* in_four_bits = std::get_if<tensor::Nf4Weight>(&linear.weight)) {
      results[i] = tensor::nf4_linear(x, *in_four_bits, bias);
    } else {
      plain.push_back({dense_weight(linear), bias});
      place.push_back(i);
    }
  }
  if (plain.empty()) return results;
  const std::vector<at::Tensor> products = tensor::linears(x, plain);
  for (size_t i = 0; i < place.size(); ++i) results[place[i]] = products[i];
  return results;
}

at::Tensor dropped(const NamedLinear& named, const at::Tensor& x, const LinearUse& use) {
  const double share = named.linear.adapter->dropout;
  if (!use.noise || share <= 0.0) return x;
  return tensor::dropout(x, share,
                         {.seed = use.noise->seed,
                          .step = use.noise->step,
                          .first_token = use.noise->first_token,
                          .layer = std::to_string(use.layer) + "." + named.name});
}

/// DoRA on v = W d + scale · B A d, d being x after dropout. What dropout took from W x itself is put back:
///   y = W x - W d + m/‖W + scale · B A‖ · v + bias
at::Tensor apply_dora(const Linear& linear, const at::Tensor& x, const at::Tensor& d, const at::Tensor& product) {
  const Adapter& adapter = *linear.adapter;
  const bool drops = !d.is_same(x);
  const at::Tensor product_of_d = drops ? base_product(linear, d) : product;
  const at::Tensor norm = tensor::adapted_row_norms(dense_weight(linear), adapter.a, adapter.b, adapter.scale);
  at::Tensor y = tensor::row_scale(tensor::lora_add(product_of_d, d, adapter.a, adapter.b, adapter.scale),
                                   adapter.magnitude, norm);
  if (drops) y = y + (product - product_of_d);
  return linear.bias.defined() ? y + linear.bias : y;
}

}  // namespace

at::Tensor dense_weight(const Linear& linear) {
  if (const auto* in_four_bits = std::get_if<tensor::Nf4Weight>(&linear.weight)) return tensor::dequantize_nf4(*in_four_bits);
  return std::get<Dense>(linear.weight).weight;
}

std::vector<at::Tensor> apply(const std::vector<NamedLinear>& linears, const at::Tensor& x, const LinearUse& use) {
  std::vector<at::Tensor> results = base_products(linears, x, use);
  for (size_t i = 0; i < linears.size(); ++i) {
    const Linear& linear = linears[i].linear;
    if (!is_adapted(linear, use)) continue;
    const at::Tensor d = dropped(linears[i], x, use);
    results[i] = linear.adapter->magnitude.defined()
                     ? apply_dora(linear, x, d, results[i])
                     : tensor::lora_add(results[i], d, linear.adapter->a, linear.adapter->b, linear.adapter->scale);
  }
  return results;
}

}  // namespace hone::model
