#include "tensor/files.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <memory>

#include "base/error.h"
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

void release_pages(const at::Tensor& tensor) {
  const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<uintptr_t>(tensor.const_data_ptr());
  const uintptr_t first = (begin + page - 1) / page * page, last = (begin + tensor.nbytes()) / page * page;
  if (first < last) ::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);  // a hint: failing costs memory only
}

at::Tensor stored_as(const at::Tensor& tensor, at::ScalarType dtype, const std::string& name) {
  const at::NoGradGuard no_grad;
  const at::Tensor from = tensor.detach(), stored = from.to(at::kCPU, dtype);
  if (dtype != at::kHalf || from.scalar_type() == at::kHalf) return stored;
  const at::Tensor grown = stored.isinf().logical_and_(from.to(at::kCPU).isfinite());
  if (grown.any().item<bool>())
    throw Error(ExitCode::data, fmt::format("\"{}\": {} does not fit float16, which ends at 65504; use export.dtype: bfloat16 or float32",
                                            name, from.to(at::kCPU).masked_select(grown)[0].item<double>()));
  return stored;
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
