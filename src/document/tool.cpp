#include "document/tool.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "base/error.h"
#include "document/processes.h"

namespace hone::document {
namespace {

namespace fs = std::filesystem;
constexpr int kPollMilliseconds = 100;
constexpr double kWallFactor = 3;
constexpr size_t kMaxComplaint = 4096;
constexpr uint64_t kOutputFactor = 2;  // word boxes are many times longer than the words

pid_t start(std::vector<std::string> words, int input, int output, int complaints) {
  // Out of the way of 0 to 2, so that placing one never overwrites another.
  std::array<base::FileDescriptor, 3> ends;
  const std::array<int, 3> given = {input, output, complaints};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (size_t i = 0; i < ends.size(); ++i) {
    ends[i] = base::FileDescriptor(fcntl(given[i], F_DUPFD_CLOEXEC, 64));
    posix_spawn_file_actions_adddup2(&actions, ends[i].value(), static_cast<int>(i));
  }
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  // What confined.h passes on.
  std::vector<std::string> variables = environment_of({"TESSDATA_PREFIX", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS"});
  pid_t pid = -1;
  const int error = posix_spawn(&pid, words.front().c_str(), &actions, nullptr, pointers_to(words).data(),
                                pointers_to(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0)
    throw Error(ExitCode::internal,
                "cannot start " + words.front() + ": " + std::strerror(error) + "; install Hone again");
  return pid;
}

/// Reads complaints until the program closes its end; false when it was ended for its time or from outside.
bool listen(int pipe, double seconds, const std::atomic<bool>& stop, ToolRun& run) {
  const double deadline = monotonic_seconds() + seconds;
  std::array<char, 4096> block;
  for (;;) {
    pollfd end{pipe, POLLIN, 0};
    if (poll(&end, 1, kPollMilliseconds) > 0) {
      const ssize_t got = ::read(pipe, block.data(), block.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return true;
      const size_t room = kMaxComplaint - std::min(kMaxComplaint, run.complaint.size());
      run.complaint.append(block.data(), std::min(room, static_cast<size_t>(got)));
    }
    if (stop)
      run.status = ToolRun::Status::stopped;
    else if (monotonic_seconds() > deadline)
      run.status = ToolRun::Status::timed_out;
    else
      continue;
    return false;
  }
}

void conclude(int how, ToolRun& run) {
  if (WIFEXITED(how)) {
    run.exit_status = WEXITSTATUS(how);
    run.status = run.exit_status == 0 ? ToolRun::Status::done : ToolRun::Status::failed;
  } else if (WIFSIGNALED(how)) {
    const int signal = WTERMSIG(how);
    run.status = signal == SIGXFSZ   ? ToolRun::Status::too_much_output
                 : signal == SIGXCPU ? ToolRun::Status::timed_out
                                     : ToolRun::Status::failed;
    run.complaint = "killed by signal " + std::to_string(signal) + ", " + strsignal(signal);
  }
}

}  // namespace

std::optional<fs::path> find_tool(std::string_view name) {
  const char* path = std::getenv("PATH");
  std::string_view folders = path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
  while (!folders.empty()) {
    const std::string_view folder = folders.substr(0, folders.find(':'));
    folders.remove_prefix(std::min(folders.size(), folder.size() + 1));
    if (!folder.starts_with('/')) continue;
    fs::path candidate = fs::path(folder) / name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return std::nullopt;
}

base::FileDescriptor memory_file(const char* name) {
  base::FileDescriptor file(memfd_create(name, MFD_CLOEXEC));
  if (!file.open()) throw system_error("cannot make a file in memory", errno);
  return file;
}

ToolRun run_tool(const fs::path& hone_read, std::vector<std::string> words, int input, int output,
                 const ReaderLimits& limits, const std::atomic<bool>& stop) {
  std::array<int, 2> pipe{};
  if (pipe2(pipe.data(), O_CLOEXEC) != 0) throw system_error("cannot start " + words.front(), errno);
  const base::FileDescriptor ours(pipe[0]);
  base::FileDescriptor theirs(pipe[1]);
  lseek(input, 0, SEEK_SET);
  std::vector<std::string> line = {
      hone_read.string(),
      "--cpu-seconds",
      std::to_string(static_cast<int64_t>(std::ceil(limits.seconds_per_document))),
      "--memory-bytes",
      std::to_string(limits.memory_bytes),
      "--output-bytes",
      std::to_string(kOutputFactor * limits.max_document_bytes),
      "--become"};
  line.insert(line.end(), words.begin(), words.end());
  const pid_t pid = start(std::move(line), input, output, theirs.value());
  theirs.close();
  ToolRun run;
  const bool ended = listen(ours.value(), kWallFactor * limits.seconds_per_document, stop, run);
  if (!ended) kill(pid, SIGKILL);
  int how = 0;
  while (waitpid(pid, &how, 0) < 0 && errno == EINTR) {
  }
  if (ended) conclude(how, run);
  lseek(output, 0, SEEK_SET);
  return run;
}

}  // namespace hone::document
