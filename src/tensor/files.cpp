#include "tensor/files.h"

#include <memory>

#include "formats/safetensors.h"
#include "tensor/device.h"

namespace hone::tensor {

TensorFile read_tensors(const std::filesystem::path& path) {
  const auto file = std::make_shared<formats::SafetensorsFile>(path);
  TensorFile result;
  result.metadata = file->metadata();
  for (const formats::TensorRecord& record : file->tensors()) {
    const at::TensorOptions options = at::TensorOptions(at::kCPU).dtype(scalar_type(record.dtype));
    const auto bytes = file->bytes(record);
    const bool aligned = reinterpret_cast<uintptr_t>(bytes.data()) %
                             static_cast<size_t>(formats::element_bytes(record.dtype)) ==
                         0;
    if (bytes.empty() || !aligned) {  // a header of odd length moves all data: then a copy
      at::Tensor copy = at::empty(record.shape, options);
      std::copy(bytes.begin(), bytes.end(), static_cast<std::byte*>(copy.data_ptr()));
      result.tensors.emplace(record.name, copy);
      continue;
    }
    const auto keep = [file](void*) {};
    result.tensors.emplace(record.name,
                           at::from_blob(const_cast<std::byte*>(bytes.data()), record.shape, keep, options));
  }
  return result;
}

void write_tensors(const std::filesystem::path& path, const NamedTensors& tensors,
                   const std::map<std::string, std::string>& metadata) {
  std::vector<at::Tensor> kept;
  std::vector<formats::TensorView> views;
  for (const auto& [name, tensor] : tensors) {
    kept.push_back(tensor.detach().to(at::kCPU).contiguous());
    const auto* data = static_cast<const std::byte*>(kept.back().const_data_ptr());
    views.push_back({.name = name,
                     .dtype = file_dtype(tensor.scalar_type()),
                     .shape = tensor.sizes().vec(),
                     .bytes = {data, static_cast<size_t>(kept.back().nbytes())}});
  }
  formats::write_safetensors(path, views, metadata);
}

}  // namespace hone::tensor
