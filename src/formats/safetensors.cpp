#include "formats/safetensors.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "base/error.h"
#include "formats/strict_json.h"

namespace hone::formats {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr uint64_t kMaxHeaderBytes = 100'000'000;  // as the reference implementation
constexpr size_t kMaxDimensions = 8;
constexpr uint64_t kLengthBytes = 8;

struct DTypeName {
  DType dtype;
  std::string_view name;
  int64_t bytes;
};
constexpr std::array<DTypeName, 10> kDTypes{{{DType::float64, "F64", 8},
                                             {DType::float32, "F32", 4},
                                             {DType::float16, "F16", 2},
                                             {DType::bfloat16, "BF16", 2},
                                             {DType::int64, "I64", 8},
                                             {DType::int32, "I32", 4},
                                             {DType::int16, "I16", 2},
                                             {DType::int8, "I8", 1},
                                             {DType::uint8, "U8", 1},
                                             {DType::boolean, "BOOL", 1}}};

const DTypeName& entry(DType dtype) {
  return *std::find_if(kDTypes.begin(), kDTypes.end(),
                       [&](const DTypeName& each) { return each.dtype == dtype; });
}

[[noreturn]] void refuse(const std::string& where, const std::string& what) {
  throw Error(ExitCode::data,
              where + ": " + what + "; the file is damaged or not a safetensors file, fetch it again");
}

uint64_t unsigned_of(const json& value, const std::string& where, const std::string& what) {
  // Negative, fractional and huge numbers are other JSON types than number_unsigned.
  if (!value.is_number_unsigned() || value.get<uint64_t>() > uint64_t{std::numeric_limits<int64_t>::max()})
    refuse(where, what + " is not a whole number in range");
  return value.get<uint64_t>();
}

DType dtype_of(const json& value, const std::string& where) {
  if (!value.is_string()) refuse(where, "dtype is not a string");
  const auto& name = value.get_ref<const std::string&>();
  for (const DTypeName& each : kDTypes)
    if (each.name == name) return each.dtype;
  throw Error(
      ExitCode::data,
      where + ": dtype \"" + name.substr(0, 32) +
          "\" is not supported; convert the model to F32, F16 or BF16 (F8 and packed types are not read)");
}

/// Elements × bytes without overflow.
uint64_t bytes_of_shape(const std::vector<int64_t>& shape, DType dtype, const std::string& where) {
  uint64_t bytes = static_cast<uint64_t>(element_bytes(dtype));
  for (const int64_t size : shape)
    if (__builtin_mul_overflow(bytes, static_cast<uint64_t>(size), &bytes)) refuse(where, "shape overflows");
  return bytes;
}

TensorRecord parse_record(const std::string& name, const json& value, uint64_t data_begin,
                          uint64_t data_bytes, const std::string& file) {
  const std::string where = file + ": tensor \"" + name.substr(0, 200) + "\"";
  if (!value.is_object() || value.size() != 3 || !value.contains("dtype") || !value.contains("shape") ||
      !value.contains("data_offsets"))
    refuse(where, "its entry does not consist of dtype, shape and data_offsets");
  TensorRecord record;
  record.name = name;
  record.dtype = dtype_of(value["dtype"], where);
  const json& shape = value["shape"];
  if (!shape.is_array() || shape.size() > kMaxDimensions)
    refuse(where, "shape is not a list of at most 8 sizes");
  for (const json& size : shape)
    record.shape.push_back(static_cast<int64_t>(unsigned_of(size, where, "a size in shape")));
  const json& offsets = value["data_offsets"];
  if (!offsets.is_array() || offsets.size() != 2) refuse(where, "data_offsets is not [begin, end]");
  const uint64_t begin = unsigned_of(offsets[0], where, "data_offsets");
  const uint64_t end = unsigned_of(offsets[1], where, "data_offsets");
  if (begin > end || end > data_bytes)
    refuse(where, "data_offsets [" + std::to_string(begin) + ", " + std::to_string(end) +
                      "] do not lie in the " + std::to_string(data_bytes) + " bytes of data");
  record.begin = data_begin + begin;
  record.bytes = end - begin;
  if (bytes_of_shape(record.shape, record.dtype, where) != record.bytes)
    refuse(where,
           "shape and dtype do not give the " + std::to_string(record.bytes) + " bytes of data_offsets");
  return record;
}

std::map<std::string, std::string> parse_metadata(const json& value, const std::string& where) {
  if (!value.is_object()) refuse(where, "__metadata__ is not an object");
  std::map<std::string, std::string> metadata;
  for (const auto& [key, text] : value.items()) {
    if (!text.is_string()) refuse(where, "__metadata__ holds something that is not a string");
    metadata[key] = text.get<std::string>();
  }
  return metadata;
}

/// In the order of data, each tensor begins where the one before ends, and the last one ends with the file.
void check_layout(std::vector<TensorRecord>& tensors, uint64_t data_begin, uint64_t file_bytes,
                  const std::string& where) {
  std::stable_sort(tensors.begin(), tensors.end(), [](const TensorRecord& a, const TensorRecord& b) {
    return std::pair(a.begin, a.begin + a.bytes) < std::pair(b.begin, b.begin + b.bytes);
  });
  uint64_t expected = data_begin;
  for (const TensorRecord& tensor : tensors) {
    if (tensor.begin != expected)
      refuse(where, std::string(tensor.begin < expected ? "overlap" : "gap") + " before tensor \"" +
                        tensor.name.substr(0, 200) + "\" at byte " + std::to_string(tensor.begin));
    expected += tensor.bytes;
  }
  if (expected != file_bytes)
    refuse(where, "holds " + std::to_string(file_bytes) + " bytes where its header describes " +
                      std::to_string(expected));
}

}  // namespace

int64_t element_bytes(DType dtype) { return entry(dtype).bytes; }
std::string_view safetensors_name(DType dtype) { return entry(dtype).name; }

int64_t TensorRecord::elements() const { return static_cast<int64_t>(bytes) / element_bytes(dtype); }

SafetensorsHeader parse_safetensors_header(std::string_view file_bytes, const std::string& where) {
  if (file_bytes.size() < kLengthBytes) refuse(where, "shorter than the 8 bytes that every file begins with");
  uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, file_bytes.data(), kLengthBytes);
  if (header_bytes > kMaxHeaderBytes)
    refuse(where, "claims a header of " + std::to_string(header_bytes) + " bytes");
  if (header_bytes > file_bytes.size() - kLengthBytes)
    refuse(where, "ends inside its header of " + std::to_string(header_bytes) + " bytes");
  const std::string_view text = file_bytes.substr(kLengthBytes, header_bytes);
  if (text.empty() || text.front() != '{') refuse(where, "its header does not begin with {");
  const json header = parse_strict_json(text, where, 4);
  const uint64_t data_begin = kLengthBytes + header_bytes;

  SafetensorsHeader result;
  for (const auto& [name, value] : header.items()) {
    if (name == "__metadata__")
      result.metadata = parse_metadata(value, where);
    else
      result.tensors.push_back(parse_record(name, value, data_begin, file_bytes.size() - data_begin, where));
  }
  check_layout(result.tensors, data_begin, file_bytes.size(), where);
  return result;
}

SafetensorsFile::SafetensorsFile(const fs::path& path)
    : path_(path), file_(path), header_(parse_safetensors_header(file_.view(), path.string())) {}

const TensorRecord* SafetensorsFile::find(std::string_view name) const {
  for (const TensorRecord& tensor : header_.tensors)
    if (tensor.name == name) return &tensor;
  return nullptr;
}

std::span<const std::byte> SafetensorsFile::bytes(const TensorRecord& record) const {
  HONE_ASSERT(record.begin + record.bytes <= file_.size());
  return {file_.data() + record.begin, record.bytes};
}

}  // namespace hone::formats
