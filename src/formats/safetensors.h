#pragma once
/// safetensors files: bytes to structs, hostile input refused; and back again, the same bytes for the same
/// tensors.
///   u64 little-endian N | N bytes of JSON {"name": {"dtype", "shape", "data_offsets": [begin, end]},
///   "__metadata__": {…}} | data
/// Offsets count from the first byte after the JSON. Accepted: data without gaps or overlaps that ends with
/// the file, every size equal to shape × dtype, names once each. Everything else is Error(data) with the file
/// and the tensor in it. Format: https://github.com/huggingface/safetensors#format
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"

namespace hone::formats {

enum class DType { float64, float32, float16, bfloat16, int64, int32, int16, int8, uint8, boolean };

/// Bytes of one element.
int64_t element_bytes(DType dtype);
/// As safetensors spells it: "F32", "BF16", "I64", …
std::string_view safetensors_name(DType dtype);

/// Where one tensor lies in a file. Row-major, little-endian.
struct TensorRecord {
  std::string name;
  DType dtype = DType::float32;
  std::vector<int64_t> shape;
  uint64_t begin = 0;  ///< Byte offset from the start of the file.
  uint64_t bytes = 0;
  int64_t elements() const;
};

/// A verified header. Records are in the order of their data.
struct SafetensorsHeader {
  std::vector<TensorRecord> tensors;
  std::map<std::string, std::string> metadata;
};

/// Checks a whole header against the size of its file. `where` names the file in errors.
SafetensorsHeader parse_safetensors_header(std::string_view file_bytes, const std::string& where);

/// One file, mapped for as long as the object lives.
class SafetensorsFile {
 public:
  explicit SafetensorsFile(const std::filesystem::path& path);
  const std::vector<TensorRecord>& tensors() const { return header_.tensors; }
  const std::map<std::string, std::string>& metadata() const { return header_.metadata; }
  const TensorRecord* find(std::string_view name) const;
  /// The bytes of a tensor; valid while this object lives.
  std::span<const std::byte> bytes(const TensorRecord& record) const;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  base::MappedFile file_;
  SafetensorsHeader header_;
};

/// Files of a model folder, in name order: model.safetensors, or the shards that model.safetensors.index.json
/// names (base names inside the folder only; each tensor exactly in the shard the index gives it). Throws
/// data when none is there.
std::vector<std::filesystem::path> safetensors_of_model(const std::filesystem::path& folder);

/// A tensor to be written; the bytes are borrowed until the call returns.
struct TensorView {
  std::string name;
  DType dtype = DType::float32;
  std::vector<int64_t> shape;
  std::span<const std::byte> bytes;
};

/// Writes and fsyncs one file, tensors in the order given, data aligned to 64 bytes. Not atomic: for
/// uncommitted directories.
void write_safetensors(const std::filesystem::path& path, std::span<const TensorView> tensors,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace hone::formats
