#pragma once
/// Reads the figures of one golden model folder: reference.json, reference.safetensors, packing.json.
#include <ATen/ATen.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "dataset/batch.h"
#include "model/forward.h"
#include "model/load.h"

namespace hone::test {

/// One model folder and what the reference says of it.
struct Reference {
  explicit Reference(const std::filesystem::path& folder, at::ScalarType dtype = at::kFloat);
  std::filesystem::path folder;
  nlohmann::json figures;
  std::map<std::string, at::Tensor> tensors;
  model::Model model;
};

/// Folders below HONE_GOLDEN/models (or tests/fixtures/models) that hold a reference.json.
std::vector<std::filesystem::path> reference_folders();

/// Rows laid end to end; label t+1 is the target of position t, the last position of a row has none. Row i
/// keeps its first lengths[i] positions (all when `lengths` is empty).
dataset::Batch rows_as_batch(const at::Tensor& ids, const at::Tensor& labels,
                             const std::vector<int64_t>& lengths = {});

std::vector<int32_t> ids_of(const nlohmann::json& list);

/// L2 norm over the gradients of all parameters.
double gradient_norm(const model::Model& model);
void clear_gradients(model::Model& model);

/// |a - b| relative to |b|.
double relative_error(double a, double b);

}  // namespace hone::test
