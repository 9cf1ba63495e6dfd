#include "golden/model/reference.h"

#include <algorithm>
#include <cmath>

#include "base/json_file.h"
#include "support/shared.h"
#include "tensor/files.h"

namespace hone::test {

namespace fs = std::filesystem;

Reference::Reference(const fs::path& where, at::ScalarType dtype)
    : folder(where),
      figures(base::read_json(where / "reference.json")),
      tensors(tensor::read_tensors(where / "reference.safetensors").tensors),
      model(model::load_model(where, {.dtype = dtype})) {}

std::vector<fs::path> reference_folders() {
  std::vector<fs::path> folders;
  for (const auto& root : {golden(), fixtures()}) {
    if (!root || !fs::is_directory(*root / "models")) continue;
    for (const auto& entry : fs::directory_iterator(*root / "models"))
      if (fs::exists(entry.path() / "reference.json")) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

dataset::Batch rows_as_batch(const at::Tensor& ids, const at::Tensor& labels,
                             const std::vector<int64_t>& lengths) {
  dataset::Batch batch;
  const auto id = ids.accessor<int64_t, 2>(), label = labels.accessor<int64_t, 2>();
  for (int64_t row = 0; row < ids.size(0); ++row) {
    const int64_t length = lengths.empty() ? ids.size(1) : lengths[static_cast<size_t>(row)];
    for (int64_t t = 0; t < length; ++t) {
      batch.ids.push_back(static_cast<int32_t>(id[row][t]));
      batch.targets.push_back(t + 1 < length ? static_cast<int32_t>(label[row][t + 1]) : dataset::kMasked);
    }
    batch.segments.push_back(static_cast<int32_t>(length));
  }
  return batch;
}

std::vector<int32_t> ids_of(const nlohmann::json& list) { return list.get<std::vector<int32_t>>(); }

double gradient_norm(const model::Model& model) {
  double squares = 0;
  model::visit_parameters(model, [&](const std::string&, const at::Tensor& parameter) {
    if (parameter.grad().defined()) squares += parameter.grad().to(at::kDouble).square().sum().item<double>();
  });
  return std::sqrt(squares);
}

void clear_gradients(model::Model& model) {
  model::visit_parameters(
      model, [](const std::string&, at::Tensor& parameter) { parameter.mutable_grad() = at::Tensor(); });
}

double relative_error(double a, double b) { return std::abs(a - b) / std::max(std::abs(b), 1e-12); }

}  // namespace hone::test
