#include "base/lines.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "base/error.h"
#include "base/files.h"

namespace hone::base {

namespace {
enum class Packing { plain, gzip, zstd };
constexpr size_t kBlock = 1 << 18;
}  // namespace

struct LineReader::State {
  FileDescriptor file;
  std::string name;
  LineLimits limits;
  Packing packing = Packing::plain;
  std::vector<char> stored = std::vector<char>(kBlock);
  size_t stored_begin = 0, stored_end = 0;
  std::vector<char> plain = std::vector<char>(kBlock);
  size_t plain_begin = 0, plain_end = 0;
  bool stored_done = false, frame_open = false;
  uint64_t total = 0, lines = 0, bytes = 0;
  z_stream gzip{};
  ZSTD_DStream* zstd = nullptr;

  ~State() {
    if (packing == Packing::gzip) inflateEnd(&gzip);
    if (zstd) ZSTD_freeDStream(zstd);
  }

  [[noreturn]] void corrupt(const std::string& what) const {
    throw Error(ExitCode::data, name + ": after line " + std::to_string(lines) + ": " + what);
  }

  void load() {
    stored_begin = 0;
    ssize_t got = 0;
    do got = ::read(file.value(), stored.data(), stored.size());
    while (got < 0 && errno == EINTR);
    if (got < 0) throw system_error("cannot read " + name, errno);
    stored_end = static_cast<size_t>(got);
    stored_done = got == 0;
    bytes += static_cast<uint64_t>(got);
  }

  void start() {
    load();
    const auto* head = reinterpret_cast<const unsigned char*>(stored.data());
    if (stored_end >= 2 && head[0] == 0x1f && head[1] == 0x8b) {
      packing = Packing::gzip;
      if (inflateInit2(&gzip, 15 + 16) != Z_OK) throw Error(ExitCode::storage, "no memory to unpack " + name);
    } else if (stored_end >= 4 && head[0] == 0x28 && head[1] == 0xb5 && head[2] == 0x2f && head[3] == 0xfd) {
      packing = Packing::zstd;
      zstd = ZSTD_createDStream();
      ZSTD_DCtx_setParameter(zstd, ZSTD_d_windowLogMax, 27);  // a frame may ask for at most 128 MiB
    }
  }

  size_t inflate_gzip() {
    gzip.next_in = reinterpret_cast<Bytef*>(stored.data() + stored_begin);
    gzip.avail_in = static_cast<uInt>(stored_end - stored_begin);
    gzip.next_out = reinterpret_cast<Bytef*>(plain.data());
    gzip.avail_out = static_cast<uInt>(plain.size());
    frame_open = true;
    const int result = inflate(&gzip, Z_NO_FLUSH);
    stored_begin = stored_end - gzip.avail_in;
    if (result == Z_STREAM_END) {
      frame_open = false;
      inflateReset(&gzip);  // another member may follow
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      corrupt("damaged gzip data; the file is not whole, copy it again");
    }
    return plain.size() - gzip.avail_out;
  }

  size_t inflate_zstd() {
    ZSTD_inBuffer in{stored.data(), stored_end, stored_begin};
    ZSTD_outBuffer out{plain.data(), plain.size(), 0};
    const size_t result = ZSTD_decompressStream(zstd, &out, &in);
    if (ZSTD_isError(result)) corrupt(std::string("damaged zstd data (") + ZSTD_getErrorName(result) + "); copy the file again");
    stored_begin = in.pos;
    frame_open = result != 0;
    return out.pos;
  }

  /// Fills `plain`; false at the end of the data.
  bool refill() {
    for (;;) {
      if (stored_begin == stored_end && !stored_done) load();
      const bool nothing_left = stored_begin == stored_end && stored_done;
      if (packing == Packing::plain) {
        if (nothing_left) return false;
        plain.swap(stored);
        plain_begin = stored_begin;
        plain_end = stored_end;
        stored_begin = stored_end = 0;
      } else {
        if (nothing_left && !frame_open) return false;
        plain_begin = 0;
        plain_end = packing == Packing::gzip ? inflate_gzip() : inflate_zstd();
        if (plain_end == 0 && nothing_left) corrupt("the compressed data ends too early; copy the file again");
      }
      total += plain_end - plain_begin;
      if (total > limits.max_total_bytes)
        corrupt("inflates to more than " + std::to_string(limits.max_total_bytes) + " bytes, refused");
      if (plain_end > plain_begin) return true;
    }
  }
};

LineReader::LineReader(const std::filesystem::path& path, LineLimits limits) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw system_error("cannot read " + path.string(), errno);
  *this = LineReader(fd, path.string(), limits);
}

LineReader::LineReader(int fd, std::string name, LineLimits limits) : state_(std::make_unique<State>()) {
  state_->file = FileDescriptor(fd);
  state_->name = std::move(name);
  state_->limits = limits;
  state_->start();
}
LineReader::~LineReader() = default;
LineReader::LineReader(LineReader&&) noexcept = default;
LineReader& LineReader::operator=(LineReader&&) noexcept = default;

std::optional<std::string> LineReader::next() {
  State& s = *state_;
  std::string line;
  bool any = false;
  for (;;) {
    if (s.plain_begin == s.plain_end && !s.refill()) break;
    any = true;
    const char* begin = s.plain.data() + s.plain_begin;
    const size_t available = s.plain_end - s.plain_begin;
    const auto* newline = static_cast<const char*>(std::memchr(begin, '\n', available));
    const size_t take = newline ? static_cast<size_t>(newline - begin) : available;
    if (line.size() + take > s.limits.max_line_bytes)
      s.corrupt("a line longer than " + std::to_string(s.limits.max_line_bytes) + " bytes is refused");
    line.append(begin, take);
    s.plain_begin += take + (newline ? 1 : 0);
    if (newline) break;
  }
  if (!any) return std::nullopt;
  ++s.lines;
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

uint64_t LineReader::line_number() const { return state_->lines; }
uint64_t LineReader::bytes_read() const { return state_->bytes; }

struct LineWriter::State {
  FileDescriptor file;
  std::filesystem::path path;
  ZSTD_CCtx* zstd = nullptr;
  std::vector<char> out = std::vector<char>(ZSTD_CStreamOutSize());
  std::string pending;
  ~State() { ZSTD_freeCCtx(zstd); }

  void flush(ZSTD_EndDirective directive) {
    ZSTD_inBuffer in{pending.data(), pending.size(), 0};
    for (;;) {
      ZSTD_outBuffer buffer{out.data(), out.size(), 0};
      const size_t left = ZSTD_compressStream2(zstd, &buffer, &in, directive);
      if (ZSTD_isError(left)) throw Error(ExitCode::internal, std::string("zstd: ") + ZSTD_getErrorName(left));
      size_t done = 0;
      while (done < buffer.pos) {
        const ssize_t n = ::write(file.value(), out.data() + done, buffer.pos - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw system_error("cannot write " + path.string(), errno);
        done += static_cast<size_t>(n);
      }
      if (directive == ZSTD_e_end ? left == 0 : in.pos == in.size) break;
    }
    pending.clear();
  }
};

LineWriter::LineWriter(const std::filesystem::path& path) : state_(std::make_unique<State>()) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) throw system_error("cannot create " + path.string(), errno);
  state_->file = FileDescriptor(fd);
  state_->path = path;
  state_->zstd = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(state_->zstd, ZSTD_c_compressionLevel, 3);
  ZSTD_CCtx_setParameter(state_->zstd, ZSTD_c_checksumFlag, 1);
}
LineWriter::~LineWriter() = default;
LineWriter::LineWriter(LineWriter&&) noexcept = default;
LineWriter& LineWriter::operator=(LineWriter&&) noexcept = default;

void LineWriter::write(std::string_view line) {
  state_->pending.append(line);
  state_->pending += '\n';
  if (state_->pending.size() >= kBlock) state_->flush(ZSTD_e_continue);
}

void LineWriter::close() {
  state_->flush(ZSTD_e_end);
  if (::fsync(state_->file.value()) != 0) throw system_error("cannot flush " + state_->path.string() + " to disk", errno);
  state_->file.close();
}

}  // namespace hone::base
