#pragma once
/// Lines of a file, one at a time: plain, gzip or zstd, told apart by their first bytes.
/// Hostile input: a line longer than `max_line_bytes` and a stream that inflates past `max_total_bytes` are refused.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hone::base {

struct LineLimits {
  uint64_t max_line_bytes = UINT64_C(256) << 20;
  uint64_t max_total_bytes = UINT64_C(1) << 42;  ///< Inflated.
};

class LineReader {
 public:
  explicit LineReader(const std::filesystem::path& path, LineLimits limits = {});
  /// Reads from an open descriptor that the reader then owns; `name` is for messages.
  LineReader(int fd, std::string name, LineLimits limits = {});
  ~LineReader();
  LineReader(LineReader&&) noexcept;
  LineReader& operator=(LineReader&&) noexcept;

  /// The next line without its newline; nothing at the end. Throws data when the stream is corrupt or past the limits.
  std::optional<std::string> next();
  uint64_t line_number() const;  ///< Of the line last returned, from 1.
  uint64_t bytes_read() const;   ///< Of the file as stored, for progress.

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Writes a zstd stream (level 3, one frame, checksum on) with content that depends only on the lines written.
class LineWriter {
 public:
  explicit LineWriter(const std::filesystem::path& path);
  ~LineWriter();
  LineWriter(LineWriter&&) noexcept;
  LineWriter& operator=(LineWriter&&) noexcept;
  void write(std::string_view line);
  /// Ends the frame and fsyncs. Without it the file is incomplete.
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hone::base
