#pragma once
/// Output in zstd frames that stand alone, one behind the other: readers see one stream of lines, and a part that has not changed since
/// an earlier run is copied as it is.
///
/// Where a frame ends depends on the documents around it alone: after a document whose id falls, by its hash, into a share of
/// (bytes of its text / kFrameBytes), so that frames hold kFrameBytes of text on average and a new document moves no far border.
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/files.h"

namespace hone::corpus {

constexpr uint64_t kFrameBytes = 24 << 10;

/// `key` is base::hash64 of a document's id; `frame_bytes` those of the frame with it.
bool ends_frame(uint64_t key, uint64_t text_bytes, uint64_t frame_bytes);

/// One frame with checksum; nothing for nothing. Any number of threads.
std::string compressed_frame(std::string_view lines);

class FrameFile {
 public:
  /// Throws storage.
  explicit FrameFile(const std::filesystem::path& path);
  /// Returns where the bytes begin.
  uint64_t append(std::string_view frames);
  /// Fsyncs. A file without any frame gets an empty one, so that it is a zstd file.
  void close();

 private:
  void flush();
  std::filesystem::path path_;
  base::FileDescriptor file_;
  std::string buffer_;
  uint64_t end_ = 0;
};

}  // namespace hone::corpus
