#pragma once
/// Files that are whole or absent. Every byte that must survive a crash goes through these functions:
/// write, fsync the file, rename, fsync the directory. All failures are hone::Error with the path in it.
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hone::base {

/// The whole content. Throws data when absent, or when it is larger than `max_bytes`.
std::string read_file(const std::filesystem::path& path, uint64_t max_bytes = UINT64_C(1) << 32);

/// Writes and fsyncs; the file is complete on return. Not atomic: for files inside an uncommitted directory.
void write_file(const std::filesystem::path& path, std::string_view content);

/// Replaces `path` in one step (temporary file beside it, fsync, rename, fsync directory).
void replace_file(const std::filesystem::path& path, std::string_view content);

/// Appends one line to a log and fsyncs it when `durable`.
void append_line(const std::filesystem::path& path, std::string_view line, bool durable = false);

void sync_file(const std::filesystem::path& path);
void sync_directory(const std::filesystem::path& directory);

/// Regular files below `root` (no symbolic links followed), sorted by path bytes so that the order is the same everywhere.
std::vector<std::filesystem::path> list_files(const std::filesystem::path& root);

/// Files that match a pattern such as `docs/**/*.{md,html}`, sorted; `*` and `?` stay inside one folder, `**` crosses folders,
/// `{a,b}` are alternatives. A pattern without wildcards names one file, or a folder that stands for everything in it.
/// Hidden files and folders (.git) take part only when their name is written.
std::vector<std::filesystem::path> glob(const std::string& pattern);

/// A descriptor closed by its owner's end.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor();
  FileDescriptor(FileDescriptor&& other) noexcept;
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  int value() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  int release();
  void close();

 private:
  int fd_ = -1;
};

/// A file mapped read-only for as long as the object lives. Empty files map to an empty view.
class MappedFile {
 public:
  MappedFile() = default;
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  const std::byte* data() const { return data_; }
  uint64_t size() const { return size_; }
  std::string_view view() const { return {reinterpret_cast<const char*>(data_), size_}; }

 private:
  const std::byte* data_ = nullptr;
  uint64_t size_ = 0;
};

}  // namespace hone::base
