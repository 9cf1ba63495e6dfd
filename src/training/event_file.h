#pragma once
/// A TensorBoard event file: scalars by tag and step, readable while it grows.
/// Layout, little-endian: TFRecord framing around protocol buffers (tensorflow's event.proto, summary.proto):
///   uint64 length | uint32 masked CRC32C of length | Event bytes | uint32 masked CRC32C of Event bytes
///   masked(c) = ((c >> 15) | (c << 17)) + 0xa282ead8
/// The first record names the version; a file that continues a run says so, and TensorBoard then hides later
/// steps of older files.
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hone::training {

class EventFile {
 public:
  /// Makes `events.out.tfevents.<seconds>.hone` in `directory`, which is created when absent. `first_step` >
  /// 0 says that the run is continued from there. Throws storage.
  EventFile(const std::filesystem::path& directory, int64_t first_step);

  /// One record with all scalars of a step. Throws storage.
  void scalars(int64_t step, const std::vector<std::pair<std::string_view, double>>& values);

  const std::filesystem::path& path() const { return path_; }

 private:
  void append(std::string_view event);
  std::filesystem::path path_;
};

/// The framing of one record; public for tests and readers.
std::string framed_record(std::string_view event);

}  // namespace hone::training
