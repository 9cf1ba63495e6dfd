#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "formats/safetensors.h"

namespace hone::formats {
namespace {

namespace fs = std::filesystem;
constexpr uint64_t kAlignment = 64;  // a cache line: what vector loads like best

void write_all(int fd, const void* data, uint64_t bytes, const fs::path& path) {
  const char* next = static_cast<const char*>(data);
  while (bytes > 0) {
    const ssize_t written = ::write(fd, next, std::min<uint64_t>(bytes, UINT64_C(1) << 30));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw system_error("cannot write " + path.string(), errno);
    next += written;
    bytes -= static_cast<uint64_t>(written);
  }
}

/// The header padded with spaces so that data begins aligned. Names in the order of data: nlohmann's plain
/// json would sort them.
std::string header_text(std::span<const TensorView> tensors,
                        const std::map<std::string, std::string>& metadata) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  uint64_t offset = 0;
  for (const TensorView& tensor : tensors) {
    HONE_ASSERT(tensor.name != "__metadata__");
    uint64_t bytes = static_cast<uint64_t>(element_bytes(tensor.dtype));
    for (const int64_t size : tensor.shape) bytes *= static_cast<uint64_t>(size);
    HONE_ASSERT(bytes == tensor.bytes.size());
    header.emplace(tensor.name, nlohmann::ordered_json{{"dtype", safetensors_name(tensor.dtype)},
                                                       {"shape", tensor.shape},
                                                       {"data_offsets", {offset, offset + bytes}}});
    offset += bytes;
  }
  std::string text = header.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  text.resize((text.size() + 8 + kAlignment - 1) / kAlignment * kAlignment - 8, ' ');
  return text;
}

}  // namespace

void write_safetensors(const fs::path& path, std::span<const TensorView> tensors,
                       const std::map<std::string, std::string>& metadata) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) throw system_error("cannot create " + path.string(), errno);
  const base::FileDescriptor file(fd);
  const std::string header = header_text(tensors, metadata);
  const uint64_t header_bytes = header.size();
  write_all(fd, &header_bytes, sizeof header_bytes, path);
  write_all(fd, header.data(), header.size(), path);
  for (const TensorView& tensor : tensors) write_all(fd, tensor.bytes.data(), tensor.bytes.size(), path);
  if (::fsync(fd) != 0) throw system_error("cannot flush " + path.string() + " to disk", errno);
}

}  // namespace hone::formats
