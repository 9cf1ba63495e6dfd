#include "document/inflate.h"

#include <unistd.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>

#include "base/error.h"

namespace hone::document {
namespace {
enum class Packing { plain, gzip, zstd };
constexpr size_t kBlock = 1 << 18;
constexpr int kMaxWindowLog = 27;

[[noreturn]] void damaged(const std::string& what) {
  throw Error(ExitCode::data, what + "; copy the file again");
}
}  // namespace

struct InflatedFile::State {
  explicit State(int descriptor) : fd(descriptor) {}
  ~State() {
    if (packing == Packing::gzip) inflateEnd(&gzip);
    ZSTD_freeDStream(zstd);
  }

  int fd;
  std::string_view memory;  // what is left of it, when fd is none
  const std::unique_ptr<char[]> block = std::make_unique_for_overwrite<char[]>(kBlock);  // most files touch one page of it
  size_t begin = 0, end = 0;
  bool ended = false;       // the file has no more bytes
  bool frame_open = false;  // a compressed member has begun and not ended
  Packing packing = Packing::plain;
  uint64_t stored = 0, inflated = 0;
  z_stream gzip{};
  ZSTD_DStream* zstd = nullptr;

  size_t load(char* out, size_t capacity) {
    if (fd < 0) return load_memory(out, capacity);
    ssize_t got = 0;
    do got = ::read(fd, out, capacity);
    while (got < 0 && errno == EINTR);
    if (got < 0) throw system_error("cannot read", errno);
    stored += static_cast<uint64_t>(got);
    ended = got == 0;
    return static_cast<size_t>(got);
  }

  size_t load_memory(char* out, size_t capacity) {
    const size_t got = memory.copy(out, capacity);
    memory.remove_prefix(got);
    stored += got;
    ended = got == 0;
    return got;
  }

  void start() {
    while (end < 4 && !ended) end += load(block.get() + end, kBlock - end);
    const auto* head = reinterpret_cast<const unsigned char*>(block.get());
    if (end >= 3 && head[0] == 0x1f && head[1] == 0x8b && head[2] == 8) {
      packing = Packing::gzip;
      if (inflateInit2(&gzip, 15 + 16) != Z_OK) throw std::bad_alloc();
    } else if (end >= 4 && head[0] == 0x28 && head[1] == 0xb5 && head[2] == 0x2f && head[3] == 0xfd) {
      packing = Packing::zstd;
      zstd = ZSTD_createDStream();
      if (zstd == nullptr) throw std::bad_alloc();
      ZSTD_DCtx_setParameter(zstd, ZSTD_d_windowLogMax, kMaxWindowLog);
    }
  }

  size_t read_plain(char* out, size_t capacity) {
    if (begin == end) return ended ? 0 : load(out, capacity);
    const size_t take = std::min(capacity, end - begin);
    std::memcpy(out, block.get() + begin, take);
    begin += take;
    return take;
  }

  size_t step_gzip(char* out, size_t capacity) {
    gzip.next_in = reinterpret_cast<Bytef*>(block.get() + begin);
    gzip.avail_in = static_cast<uInt>(end - begin);
    gzip.next_out = reinterpret_cast<Bytef*>(out);
    gzip.avail_out = static_cast<uInt>(std::min<size_t>(capacity, 1u << 30));
    const uInt room = gzip.avail_out;
    if (begin < end) frame_open = true;
    const int result = inflate(&gzip, Z_NO_FLUSH);
    begin = end - gzip.avail_in;
    if (result == Z_STREAM_END) {
      frame_open = false;
      inflateReset(&gzip);
    } else if (result == Z_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      damaged("damaged gzip data");
    }
    return room - gzip.avail_out;
  }

  size_t step_zstd(char* out, size_t capacity) {
    ZSTD_inBuffer in{block.get(), end, begin};
    ZSTD_outBuffer target{out, capacity, 0};
    const size_t result = ZSTD_decompressStream(zstd, &target, &in);
    if (ZSTD_isError(result)) {
      if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation) throw std::bad_alloc();
      damaged(std::string("damaged zstd data (") + ZSTD_getErrorName(result) + ")");
    }
    begin = in.pos;
    frame_open = result != 0;
    return target.pos;
  }

  size_t read(char* out, size_t capacity) {
    if (packing == Packing::plain) return read_plain(out, capacity);
    for (;;) {
      if (begin == end && !ended) {
        begin = 0;
        end = load(block.get(), kBlock);
      }
      const bool exhausted = begin == end && ended;
      if (exhausted && !frame_open) return 0;
      const size_t made = packing == Packing::gzip ? step_gzip(out, capacity) : step_zstd(out, capacity);
      if (made > 0) return made;
      if (exhausted) damaged("the compressed data ends too early");
    }
  }
};

InflatedFile::InflatedFile(int fd) : state_(std::make_unique<State>(fd)) { state_->start(); }
InflatedFile::InflatedFile(std::string_view stored) : state_(std::make_unique<State>(-1)) {
  state_->memory = stored;
  state_->start();
}
InflatedFile::~InflatedFile() = default;

size_t InflatedFile::read(char* out, size_t capacity) {
  const size_t made = capacity == 0 ? 0 : state_->read(out, capacity);
  state_->inflated += made;
  return made;
}

bool InflatedFile::compressed() const { return state_->packing != Packing::plain; }
uint64_t InflatedFile::stored_bytes() const { return state_->stored; }
uint64_t InflatedFile::inflated_bytes() const { return state_->inflated; }

}  // namespace hone::document
