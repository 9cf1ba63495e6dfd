#include "export/parity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "model/forward.h"
#include "model/merge.h"

namespace hone::exporting {
namespace {

constexpr double kMergingLargest = 0.01, kMergingMean = 2e-4;

double most_rounding(at::ScalarType dtype) { return dtype == at::kBFloat16 ? 0.05 : dtype == at::kHalf ? 0.01 : 0.001; }

const char* name_of(at::ScalarType dtype) { return dtype == at::kBFloat16 ? "bfloat16" : dtype == at::kHalf ? "float16" : "float32"; }

/// nll of every scored token, one after another.
at::Tensor scores(const model::Model& model, const std::vector<dataset::Batch>& batches) {
  std::vector<at::Tensor> parts;
  for (const dataset::Batch& batch : batches) {
    const model::DeviceBatch device = model::to_device(batch, model);
    const at::Tensor nll = model::token_nll(model, device);
    parts.push_back(nll.masked_select(device.targets.to(at::kCPU).ge(0)).to(at::kDouble));
  }
  return at::cat(parts);
}

}  // namespace

Parity measure_parity(const model::Model& trained, const model::Model& stored, at::ScalarType dtype, const std::vector<dataset::Batch>& batches) {
  const at::Tensor expected = scores(trained, batches);
  Parity parity{.tokens = expected.numel(), .dtype = dtype};
  if (parity.tokens == 0) return parity;
  parity.trained_nll = expected.mean().item<double>();
  {
    const at::Tensor error = (scores(model::merged_model(trained), batches) - expected).abs();
    parity.merging_mean = error.mean().item<double>();
    parity.merging_largest = error.max().item<double>();
  }
  const at::Tensor kept = scores(stored, batches);
  parity.stored_nll = kept.mean().item<double>();
  parity.rounding_mean = (kept - expected).abs().mean().item<double>();
  return parity;
}

std::string Parity::problem() const {
  if (tokens == 0) return {};
  const auto beyond = [](double value, double bound) { return !(value <= bound); };  // NaN is beyond
  if (beyond(merging_mean, kMergingMean) || beyond(merging_largest, kMergingLargest))
    return fmt::format("merging changed the model: the nll of a token moved by up to {:.2g} ({:.2g} on average over {} tokens), where float32 "
                       "noise is at most {} ({})",
                       merging_largest, merging_mean, tokens, kMergingLargest, kMergingMean);
  if (beyond(rounding_mean, most_rounding(dtype)))
    return fmt::format("stored as {} the merged model is not the one that was trained: the nll of a token moved by {:.2g} on average over {} "
                       "tokens, where at most {} is rounding; set export.dtype to a wider type",
                       name_of(dtype), rounding_mean, tokens, most_rounding(dtype));
  return {};
}

std::string Parity::sentence() const {
  if (tokens == 0) return "the merged model could not be compared with the trained one: no text to compare them on";
  return fmt::format("merged: nll {:.4f} a token, {:.4f} with the adapter beside its base; merging moved a token by {:.1e} on average, storing as {} by {:.1e} ({} tokens)",
                     stored_nll, trained_nll, merging_mean, name_of(dtype), rounding_mean, tokens);
}

nlohmann::json Parity::facts() const {
  return {{"tokens", tokens},           {"trained_nll", trained_nll},         {"stored_nll", stored_nll},
          {"merging_mean", merging_mean}, {"merging_largest", merging_largest}, {"rounding_mean", rounding_mean}};
}

}  // namespace hone::exporting
