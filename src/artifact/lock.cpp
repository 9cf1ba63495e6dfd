#include "artifact/lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/error.h"
#include "base/log.h"

namespace hone::artifact {

DirectoryLock::DirectoryLock(const std::filesystem::path& lock_file) {
  std::error_code problem;
  std::filesystem::create_directories(lock_file.parent_path(), problem);
  file_ = base::FileDescriptor(::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!file_.open()) throw system_error("cannot open " + lock_file.string(), errno);
  if (::flock(file_.value(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) throw system_error("cannot lock " + lock_file.string(), errno);
    std::string holder = base::read_file(lock_file, 4096);
    while (!holder.empty() && holder.back() == '\n') holder.pop_back();
    throw Error(ExitCode::busy, lock_file.parent_path().string() + " is being worked on by another process (" +
                                    (holder.empty() ? "unknown" : holder) + "); wait for it, or stop it and run again");
  }
  const std::string self = "process " + std::to_string(::getpid()) + " since " + base::utc_now() + "\n";
  if (::ftruncate(file_.value(), 0) != 0 || ::pwrite(file_.value(), self.data(), self.size(), 0) < 0)
    throw system_error("cannot write " + lock_file.string(), errno);
}

}  // namespace hone::artifact
