#include "document/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/error.h"
#include "document/processes.h"
#include "document/serve.h"

namespace hone::document {
namespace {

namespace fs = std::filesystem;
constexpr int kPipeBytes = 1 << 20;
constexpr int kPollMilliseconds = 100;
constexpr double kWallFactor = 3;  // a child may be kept waiting by others, but not for ever

/// A copy of `fd` above the numbers that the child expects, so that placing one end never overwrites the
/// other.
base::FileDescriptor out_of_the_way(int fd) {
  base::FileDescriptor moved(fcntl(fd, F_DUPFD_CLOEXEC, 64));
  if (!moved.open()) throw system_error("cannot start hone-read", errno);
  return moved;
}

pid_t spawn(const fs::path& program, std::vector<std::string> arguments, int request_end, int frame_end) {
  const base::FileDescriptor requests = out_of_the_way(request_end), frames = out_of_the_way(frame_end);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, requests.value(), kRequestDescriptor);
  posix_spawn_file_actions_adddup2(&actions, frames.value(), kFrameDescriptor);
  posix_spawn_file_actions_addclosefrom_np(&actions, kFrameDescriptor + 1);
  std::vector<std::string> environment = environment_of({"LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "GCONV_PATH"});
  pid_t pid = -1;
  const int error = posix_spawn(&pid, program.c_str(), &actions, nullptr, pointers_to(arguments).data(),
                                pointers_to(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0)
    throw Error(ExitCode::internal,
                "cannot start " + program.string() + ": " + std::strerror(error) + "; install Hone again");
  return pid;
}

}  // namespace

fs::path find_hone_read() {
  std::error_code ignored;
  const fs::path here = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const fs::path& candidate : {here / "hone-read", here.parent_path() / "bin" / "hone-read"})
    if (fs::is_regular_file(candidate, ignored)) return candidate;
  throw Error(ExitCode::internal, "hone-read, which reads documents, is not beside " +
                                      (here / "hone").string() + "; install Hone again");
}

Child::Child(const fs::path& program, const ReaderLimits& limits, bool test_faults) : limits_(limits) {
  std::array<int, 2> socket{}, pipe{};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, socket.data()) != 0)
    throw system_error("cannot start hone-read", errno);
  requests_socket_ = base::FileDescriptor(socket[0]);
  const base::FileDescriptor child_socket(socket[1]);
  if (pipe2(pipe.data(), O_CLOEXEC) != 0) throw system_error("cannot start hone-read", errno);
  frames_pipe_ = base::FileDescriptor(pipe[0]);
  base::FileDescriptor child_pipe(pipe[1]);
  fcntl(child_pipe.value(), F_SETPIPE_SZ,
        kPipeBytes);  // fewer switches; refused where the user's quota is used up
  std::vector<std::string> arguments = {program.string(),   "--serve",
                                        "--memory-bytes",   std::to_string(limits.memory_bytes),
                                        "--document-bytes", std::to_string(limits.max_document_bytes),
                                        "--row-bytes",      std::to_string(limits.max_row_bytes),
                                        "--inflated-bytes", std::to_string(limits.max_inflated_bytes)};
  if (test_faults) arguments.emplace_back("--test-faults");
  pid_ = spawn(program, std::move(arguments), child_socket.value(), child_pipe.value());
  child_pipe.close();
  cpu_at_frame_ = cpu_seconds();
  clock_at_frame_ = monotonic_seconds();
  std::vector<Message> greeting;
  const std::atomic<bool> never{false};
  const Status status = receive(greeting, never);
  const Hello* hello = greeting.empty() ? nullptr : std::get_if<Hello>(&greeting.front());
  if (status != Status::frame || hello == nullptr) {
    bury();
    throw Error(ExitCode::internal,
                program.string() + " does not start (" + obituary_ + "); install Hone again");
  }
  hello_ = *hello;
}

Child::~Child() { bury(); }

void Child::send(const Request& request, int fd) {
  const std::string bytes = encode(request);
  iovec part{const_cast<char*>(bytes.data()), bytes.size()};  // sendmsg only reads
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  cmsghdr* attached = CMSG_FIRSTHDR(&header);
  attached->cmsg_level = SOL_SOCKET;
  attached->cmsg_type = SCM_RIGHTS;
  attached->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(attached), &fd, sizeof(fd));
  ++requests_;
  cpu_at_frame_ = cpu_seconds();
  clock_at_frame_ = monotonic_seconds();
  // A child that died meanwhile shows in receive().
  while (sendmsg(requests_socket_.value(), &header, MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
}

Child::Status Child::receive(std::vector<Message>& messages, const std::atomic<bool>& stop) {
  messages.clear();
  Status status = Status::frame;
  std::array<unsigned char, sizeof(uint32_t)> header{};
  if (!read_exactly(reinterpret_cast<char*>(header.data()), header.size(), status, stop)) return status;
  uint32_t size = 0;
  for (size_t i = 0; i < header.size(); ++i) size |= static_cast<uint32_t>(header[i]) << (8 * i);
  try {
    if (size > kMaxFrame)
      throw Error(ExitCode::data, "hone-read sent a frame of " + std::to_string(size) + " bytes");
    const auto payload = std::make_unique_for_overwrite<char[]>(size);
    if (!read_exactly(payload.get(), size, status, stop)) return status;
    messages = decode_frame({payload.get(), size});
  } catch (const Error& error) {
    bury();  // whoever sends such a thing is no longer the program we started
    obituary_ = error.what();
    return Status::crashed;
  }
  cpu_at_frame_ = cpu_seconds();
  clock_at_frame_ = monotonic_seconds();
  return Status::frame;
}

void Child::excuse_wait() { clock_at_frame_ = monotonic_seconds(); }

Child::Status Child::wait_readable(const std::atomic<bool>& stop) {
  for (;;) {
    pollfd pipe{frames_pipe_.value(), POLLIN, 0};
    if (poll(&pipe, 1, kPollMilliseconds) > 0) return Status::frame;
    if (stop) return Status::stopped;
    const bool busy = cpu_seconds() - cpu_at_frame_ > limits_.seconds_per_document;
    const bool asleep = monotonic_seconds() - clock_at_frame_ > kWallFactor * limits_.seconds_per_document;
    if (!busy && !asleep) continue;
    bury();
    obituary_ = "did not finish in " + std::to_string(static_cast<int>(limits_.seconds_per_document)) + " s";
    return Status::timed_out;
  }
}

bool Child::read_exactly(char* data, size_t size, Status& status, const std::atomic<bool>& stop) {
  while (size > 0) {
    status = wait_readable(stop);
    if (status != Status::frame) return false;
    const ssize_t got = ::read(frames_pipe_.value(), data, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      status = bury();
      return false;
    }
    data += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

/// Ends the child, if it has not ended by itself, and says how it went.
Child::Status Child::bury() {
  if (pid_ < 0) return Status::crashed;
  frames_pipe_.close();
  requests_socket_.close();
  int how = 0;
  // It closed its pipe by ending; what still runs after a moment is made to end.
  pid_t gone = 0;
  for (int tries = 0; tries < 20 && gone == 0; ++tries) {
    gone = waitpid(pid_, &how, WNOHANG);
    if (gone == 0) usleep(500);
  }
  if (gone == 0) {
    kill(pid_, SIGKILL);
    while (waitpid(pid_, &how, 0) < 0 && errno == EINTR) {
    }
  }
  pid_ = -1;
  if (WIFEXITED(how)) obituary_ = "ended with status " + std::to_string(WEXITSTATUS(how));
  if (WIFSIGNALED(how))
    obituary_ = "killed by signal " + std::to_string(WTERMSIG(how)) + ", " + strsignal(WTERMSIG(how));
  return WIFEXITED(how) && WEXITSTATUS(how) == kOutOfMemory ? Status::out_of_memory : Status::crashed;
}

double Child::cpu_seconds() const {
  clockid_t clock{};
  timespec time{};
  if (pid_ < 0 || clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &time) != 0)
    return cpu_at_frame_;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace hone::document
