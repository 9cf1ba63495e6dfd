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

/// Writes and fsyncs (not atomic: for uncommitted directories), tensors in the order given, brought to the
/// CPU one by one.
void write_tensors(const std::filesystem::path& path, const NamedTensors& tensors,
                   const std::map<std::string, std::string>& metadata = {});

}  // namespace hone::tensor
