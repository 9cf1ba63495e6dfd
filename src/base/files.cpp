#include "base/files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/error.h"

namespace hone::base {
namespace fs = std::filesystem;

namespace {

FileDescriptor open_or_throw(const fs::path& path, int flags, const char* verb) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
  if (fd < 0) throw system_error(std::string("cannot ") + verb + " " + path.string(), errno);
  return FileDescriptor(fd);
}

void write_all(int fd, std::string_view content, const fs::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), std::min<size_t>(content.size(), 1 << 30));
    if (written < 0) {
      if (errno == EINTR) continue;
      throw system_error("cannot write " + path.string(), errno);
    }
    content.remove_prefix(static_cast<size_t>(written));
  }
}

void sync_descriptor(int fd, const fs::path& path) {
  if (::fsync(fd) != 0 && errno != EINVAL) throw system_error("cannot flush " + path.string() + " to disk", errno);
}

}  // namespace

std::string read_file(const fs::path& path, uint64_t max_bytes) {
  const FileDescriptor file = open_or_throw(path, O_RDONLY, "read");
  struct stat status {};
  if (::fstat(file.value(), &status) != 0) throw system_error("cannot read " + path.string(), errno);
  if (S_ISDIR(status.st_mode)) throw system_error("cannot read " + path.string(), EISDIR);
  if (static_cast<uint64_t>(status.st_size) > max_bytes)
    throw Error(ExitCode::data, path.string() + " holds " + std::to_string(status.st_size) + " bytes, more than the " +
                                    std::to_string(max_bytes) + " allowed here");
  std::string content;
  content.resize(static_cast<size_t>(status.st_size));
  size_t done = 0;
  for (;;) {
    if (done == content.size()) content.resize(content.size() + 4096);  // also serves files without a size (/proc)
    const ssize_t got = ::read(file.value(), content.data() + done, content.size() - done);
    if (got < 0) {
      if (errno == EINTR) continue;
      throw system_error("cannot read " + path.string(), errno);
    }
    if (got == 0) break;
    done += static_cast<size_t>(got);
    if (done > max_bytes) throw Error(ExitCode::data, path.string() + " is larger than allowed here");
  }
  content.resize(done);
  return content;
}

void write_file(const fs::path& path, std::string_view content) {
  const FileDescriptor file = open_or_throw(path, O_WRONLY | O_CREAT | O_TRUNC, "create");
  write_all(file.value(), content, path);
  sync_descriptor(file.value(), path);
}

void replace_file(const fs::path& path, std::string_view content) {
  fs::path temporary = path;
  temporary += ".tmp" + std::to_string(::getpid());
  try {
    write_file(temporary, content);
    if (::rename(temporary.c_str(), path.c_str()) != 0) throw system_error("cannot replace " + path.string(), errno);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  sync_directory(path.has_parent_path() ? path.parent_path() : fs::path("."));
}

void append_line(const fs::path& path, std::string_view line, bool durable) {
  const FileDescriptor file = open_or_throw(path, O_WRONLY | O_CREAT | O_APPEND, "append to");
  std::string with_newline(line);
  with_newline += '\n';
  write_all(file.value(), with_newline, path);
  if (durable) sync_descriptor(file.value(), path);
}

void sync_file(const fs::path& path) {
  const FileDescriptor file = open_or_throw(path, O_RDONLY, "open");
  sync_descriptor(file.value(), path);
}

void sync_directory(const fs::path& directory) {
  const FileDescriptor file = open_or_throw(directory, O_RDONLY | O_DIRECTORY, "open");
  sync_descriptor(file.value(), directory);
}

std::vector<fs::path> list_files(const fs::path& root) {
  std::vector<fs::path> files;
  std::error_code problem;
  fs::recursive_directory_iterator walk(root, fs::directory_options::skip_permission_denied, problem), end;
  if (problem) throw system_error("cannot list " + root.string(), problem.value());
  for (; walk != end; walk.increment(problem)) {
    if (problem) throw system_error("cannot list " + root.string(), problem.value());
    // Of the entry itself: what a link leads to may be nothing, or the link.
    std::error_code gone;
    if (!walk->is_symlink(gone) && walk->is_regular_file(gone)) files.push_back(walk->path());
  }
  std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) { return a.native() < b.native(); });
  return files;
}

FileDescriptor::~FileDescriptor() { close(); }
FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}
int FileDescriptor::release() { return std::exchange(fd_, -1); }
void FileDescriptor::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

MappedFile::MappedFile(const fs::path& path) {
  const FileDescriptor file = open_or_throw(path, O_RDONLY, "read");
  struct stat status {};
  if (::fstat(file.value(), &status) != 0) throw system_error("cannot read " + path.string(), errno);
  if (!S_ISREG(status.st_mode)) throw Error(ExitCode::data, path.string() + " is not a regular file");
  size_ = static_cast<uint64_t>(status.st_size);
  if (size_ == 0) return;
  void* address = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.value(), 0);
  if (address == MAP_FAILED) throw system_error("cannot map " + path.string(), errno);
  data_ = static_cast<const std::byte*>(address);
}
MappedFile::~MappedFile() {
  if (data_) ::munmap(const_cast<std::byte*>(data_), size_);
}
MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

}  // namespace hone::base
