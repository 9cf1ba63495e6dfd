#pragma once
/// Tensors in and out of safetensors files. Reading maps the file and copies nothing; such tensors must not
/// be written to.
#include <ATen/ATen.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace hone::tensor {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

/// A file's tensors by name and its metadata. The tensors keep the mapping alive and are READ ONLY (a write
/// is SIGSEGV): copy first.
struct TensorFile {
  std::map<std::string, at::Tensor> tensors;
  std::map<std::string, std::string> metadata;
};

/// Throws data for a file that is not well formed.
TensorFile read_tensors(const std::filesystem::path& path);

/// Gives back the memory behind a tensor of read_tensors that nobody reads any more: its pages in the file's mapping.
void release_pages(const at::Tensor& tensor);

/// The tensor on the CPU as `dtype`, for a file. Throws data naming `name` when a number that was finite does not fit (float16 ends at
/// 65504).
at::Tensor stored_as(const at::Tensor& tensor, at::ScalarType dtype, const std::string& name);

/// Writes and fsyncs (not atomic: for uncommitted directories), tensors in the order given, brought to the
/// CPU one by one.
void write_tensors(const std::filesystem::path& path, const NamedTensors& tensors,
                   const std::map<std::string, std::string>& metadata = {});

}  // namespace hone::tensor
