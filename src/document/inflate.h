#pragma once
/// The bytes of a file as they were before compression: plain, gzip (RFC 1952, any number of members) or zstd
/// (RFC 8878). Told apart by the first bytes, never by the name. A zstd frame may ask for a window of 128 MiB
/// at most.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hone::document {

class InflatedFile {
 public:
  /// Reads from `fd`, which stays the caller's, from its current position.
  explicit InflatedFile(int fd);
  /// Reads from memory, which must outlive the object.
  explicit InflatedFile(std::string_view stored);
  ~InflatedFile();
  InflatedFile(const InflatedFile&) = delete;
  InflatedFile& operator=(const InflatedFile&) = delete;

  /// Writes up to `capacity` bytes to `out` and returns how many; 0 is the end.
  /// Throws data when the compressed stream is damaged or ends too early, storage when the system cannot
  /// read.
  size_t read(char* out, size_t capacity);

  bool compressed() const;
  uint64_t stored_bytes() const;    ///< Taken from the file so far.
  uint64_t inflated_bytes() const;  ///< Handed out so far.

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hone::document
