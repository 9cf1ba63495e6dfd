#include "corpus/frame_file.h"

#include <fcntl.h>
#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <cmath>
#include <memory>

#include "base/error.h"
#include "base/hash.h"

namespace hone::corpus {
namespace {

constexpr int kLevel = 1;
constexpr uint64_t kLongest = 8;  ///< Times the average: a run of borderless documents ends there.
constexpr uint64_t kBorderSeed = 11;
constexpr size_t kBuffer = 1 << 20;

ZSTD_CCtx* context() {
  thread_local const std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)> kept = [] {
    std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)> made(ZSTD_createCCtx(), ZSTD_freeCCtx);
    ZSTD_CCtx_setParameter(made.get(), ZSTD_c_compressionLevel, kLevel);
    ZSTD_CCtx_setParameter(made.get(), ZSTD_c_checksumFlag, 1);
    return made;
  }();
  return kept.get();
}

}  // namespace

bool ends_frame(uint64_t key, uint64_t text_bytes, uint64_t frame_bytes) {
  if (frame_bytes >= kLongest * kFrameBytes) return true;
  const double share = static_cast<double>(text_bytes) / static_cast<double>(kFrameBytes);
  if (share >= 1) return true;
  const uint64_t place = base::hash64({reinterpret_cast<const char*>(&key), sizeof key}, kBorderSeed);
  return static_cast<double>(place) < std::ldexp(share, 64);
}

std::string compressed_frame(std::string_view lines) {
  if (lines.empty()) return {};
  thread_local std::string room;
  if (room.size() < ZSTD_compressBound(lines.size())) room.resize(ZSTD_compressBound(lines.size()));
  const size_t size = ZSTD_compress2(context(), room.data(), room.size(), lines.data(), lines.size());
  if (ZSTD_isError(size) != 0) throw Error(ExitCode::storage, std::string{"zstd: "} + ZSTD_getErrorName(size));
  return room.substr(0, size);
}

FrameFile::FrameFile(const std::filesystem::path& path) : path_(path) {
  file_ = base::FileDescriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file_.open()) throw system_error("cannot create " + path.string(), errno);
}

uint64_t FrameFile::append(std::string_view frames) {
  const uint64_t begin = end_;
  buffer_ += frames;
  end_ += frames.size();
  if (buffer_.size() >= kBuffer) flush();
  return begin;
}

void FrameFile::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(file_.value(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw system_error("cannot write " + path_.string(), errno);
    rest.remove_prefix(static_cast<size_t>(written));
  }
  buffer_.clear();
}

void FrameFile::close() {
  if (end_ == 0) {
    char empty[32];
    const size_t size = ZSTD_compress2(context(), empty, sizeof empty, "", 0);
    append({empty, size});
  }
  flush();
  if (::fsync(file_.value()) != 0) throw system_error("cannot flush " + path_.string() + " to disk", errno);
  file_.close();
}

}  // namespace hone::corpus
