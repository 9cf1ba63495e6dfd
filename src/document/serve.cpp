#include "document/serve.h"

#include <malloc.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <new>
#include <optional>

#include "base/error.h"
#include "base/files.h"
#include "document/faults.h"
#include "document/frames.h"
#include "document/libraries.h"
#include "document/sandbox.h"

namespace hone::document {
namespace {

using Clock = std::chrono::steady_clock;
constexpr size_t kFrameBytes = 256 << 10;
constexpr std::chrono::milliseconds kFrameAge{500};  // a slow file still shows that it moves

void write_all(const char* data, size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(kFrameDescriptor, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) _exit(0);  // the parent is gone, and with it all reason to be
    data += written;
    size -= static_cast<size_t>(written);
  }
}

/// Documents gathered into frames: as large as is good for throughput, never held back for long.
class FrameOutput final : public Output {
 public:
  FrameOutput(bool careful, bool test_faults) : careful_(careful), test_faults_(test_faults) {}

  void begin(bool rows) override {
    append(Begin{rows}, payload());
    flush();
  }
  void item(Item item) override {
    if (test_faults_) misbehave_if_told(item);
    std::visit([&](auto& one) { append(Message(std::move(one)), payload()); }, item);
    if (careful_ || frame_.size() >= kFrameBytes || Clock::now() - sent_ > kFrameAge) flush();
  }
  void nested(Nested pdf) override {
    append(Message(std::move(pdf)), payload());
    flush();
  }
  void progress(uint64_t stored_bytes) override {
    append(Progress{stored_bytes}, payload());
    flush();
  }
  void message(const Message& message) {
    append(message, payload());
    flush();
  }

 private:
  static constexpr size_t kHeader = sizeof(uint32_t);

  std::string& payload() {
    if (frame_.empty()) frame_.resize(kHeader);
    return frame_;
  }
  void flush() {
    const size_t size = frame_.size() - kHeader;
    if (size > kMaxFrame) throw std::bad_alloc();
    for (size_t i = 0; i < kHeader; ++i) frame_[i] = static_cast<char>(size >> (8 * i) & 0xFF);
    write_all(frame_.data(), frame_.size());
    frame_.clear();
    if (frame_.capacity() > 16 * kFrameBytes) frame_ = std::string();
    sent_ = Clock::now();
  }

  bool careful_, test_faults_;
  std::string frame_;
  Clock::time_point sent_ = Clock::now();
};

struct Job {
  Request request;
  base::FileDescriptor file;
};

/// The next request and its file; nothing when the parent has hung up or speaks another protocol.
std::optional<Job> receive() {
  std::array<char, kMaxRequest> bytes;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  iovec part{bytes.data(), bytes.size()};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  ssize_t got = 0;
  do got = recvmsg(kRequestDescriptor, &header, MSG_CMSG_CLOEXEC);
  while (got < 0 && errno == EINTR);
  const cmsghdr* attached = got > 0 ? CMSG_FIRSTHDR(&header) : nullptr;
  if (attached == nullptr || attached->cmsg_type != SCM_RIGHTS) return std::nullopt;
  int fd = -1;
  std::memcpy(&fd, CMSG_DATA(attached), sizeof(fd));
  return Job{decode_request({bytes.data(), static_cast<size_t>(got)}), base::FileDescriptor(fd)};
}

}  // namespace

int serve(const ServeOptions& options) {
  // What the terminal or a service manager sends to the whole group is for the parent to answer.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ}) ::signal(signal, SIG_IGN);
  open_libraries();
  const Sandbox sandbox = lock_in(options.limits.memory_bytes);
  FrameOutput(false, false).message(Hello{sandbox.filtered, sandbox.detail});
  try {
    while (std::optional<Job> job = receive()) {
      Input input;
      input.fd = job->file.value();
      input.name = std::move(job->request.name);
      input.format = job->request.format;
      input.text_field = std::move(job->request.text_field);
      input.records = std::move(job->request.records);
      input.first_row = job->request.first_row;
      input.limits = options.limits;
      FrameOutput output(job->request.careful, options.test_faults);
      read_file(input, output);
      output.message(End{});
      malloc_trim(1 << 20);
    }
  } catch (const std::bad_alloc&) {
    _exit(kOutOfMemory);
  }
  return 0;
}

}  // namespace hone::document
