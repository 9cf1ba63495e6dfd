#include "document/confined.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "base/files.h"

namespace hone::document {
namespace {

constexpr rlim_t kDescriptors = 64;
constexpr rlim_t kStackBytes = 64 << 20;
constexpr uint64_t kProgramBytes = UINT64_C(256) << 20;  // the program and its libraries themselves
constexpr int kCannotStart = 127;

void limit(int resource, rlim_t soft, rlim_t hard) {
  rlimit current{};
  getrlimit(static_cast<__rlimit_resource>(resource), &current);
  if (current.rlim_max != RLIM_INFINITY) hard = std::min(hard, current.rlim_max);
  const rlimit wanted{std::min(soft, hard), hard};
  setrlimit(static_cast<__rlimit_resource>(resource), &wanted);
}

// ---- Landlock: which files may be looked at

constexpr uint64_t kLookAtFiles = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE;
constexpr uint64_t kLookAtFolders = kLookAtFiles | LANDLOCK_ACCESS_FS_READ_DIR;
/// All rights of the first version, which later kernels know as well.
constexpr uint64_t kAllRights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;

void permit(int ruleset, const std::filesystem::path& path) {
  const base::FileDescriptor place(::open(path.c_str(), O_PATH | O_CLOEXEC));
  if (!place.open()) return;
  std::error_code ignored;
  landlock_path_beneath_attr rule{};
  rule.allowed_access = std::filesystem::is_directory(path, ignored) ? kLookAtFolders : kLookAtFiles;
  rule.parent_fd = place.value();
  syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

/// A kernel without Landlock leaves the system call filter, which forbids writing.
void restrict_files(const std::filesystem::path& program) {
  landlock_ruleset_attr rights{};
  rights.handled_access_fs = kAllRights;
  const base::FileDescriptor ruleset(
      static_cast<int>(syscall(SYS_landlock_create_ruleset, &rights, sizeof(rights), 0)));
  if (!ruleset.open()) return;
  for (const char* path : {"/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime",
                           "/etc/fonts", "/dev/null", "/var/cache/fontconfig", "/sys/devices/system/cpu"})
    permit(ruleset.value(), path);
  permit(ruleset.value(), program);
  syscall(SYS_landlock_restrict_self, ruleset.value(), 0);
}

// ---- seccomp: which calls may be made

using Filter = std::unique_ptr<void, void (*)(void*)>;

bool allow_if(void* filter, int call, const scmp_arg_cmp& condition) {
  return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &condition) == 0;
}

scmp_arg_cmp masked(unsigned argument, scmp_datum_t mask, scmp_datum_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}

constexpr int kPlainCalls[] = {
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(preadv),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(close),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(statfs),
    SCMP_SYS(fstatfs),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64),
    SCMP_SYS(getcwd),
    SCMP_SYS(dup),
    SCMP_SYS(fadvise64),
    SCMP_SYS(fcntl),
    SCMP_SYS(brk),
    SCMP_SYS(mmap),
    SCMP_SYS(mprotect),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(times),
    SCMP_SYS(getrandom),
    SCMP_SYS(futex),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getppid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(getrusage),
    SCMP_SYS(getrlimit),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(uname),
    SCMP_SYS(sysinfo),
    SCMP_SYS(arch_prctl),
    SCMP_SYS(set_tid_address),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(poll),
};

bool add_rules(void* filter, const char* program) {
  for (const int call : kPlainCalls)
    if (call >= 0 && seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) != 0) return false;
  constexpr scmp_datum_t kWriting = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND;
  return allow_if(filter, SCMP_SYS(openat), masked(2, kWriting, O_RDONLY)) &&
         allow_if(filter, SCMP_SYS(open), masked(1, kWriting, O_RDONLY)) &&
         allow_if(filter, SCMP_SYS(ioctl), {1, SCMP_CMP_EQ, TCGETS, 0}) &&
         allow_if(filter, SCMP_SYS(prlimit64),
                  {2, SCMP_CMP_EQ, 0, 0}) &&  // asking for limits, not setting them
         allow_if(filter, SCMP_SYS(tgkill), {0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid()), 0}) &&
         // The one exec to come. Afterwards this address means nothing; Landlock says what may be executed at
         // all.
         allow_if(filter, SCMP_SYS(execve), {0, SCMP_CMP_EQ, reinterpret_cast<scmp_datum_t>(program), 0});
}

void restrict_calls(const char* program) {
  const Filter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)), &seccomp_release);
  if (!filter) return;
  seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  if (add_rules(filter.get(), program)) seccomp_load(filter.get());
}

}  // namespace

int become(std::vector<std::string> words, const Confinement& confinement) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  // One thread for tesseract; nothing of the user's environment but where its own data lie.
  std::vector<std::string> kept = {"LC_ALL=C.UTF-8", "OMP_THREAD_LIMIT=1"};
  for (const char* name : {"TESSDATA_PREFIX", "LD_LIBRARY_PATH"})
    if (const char* value = std::getenv(name)) kept.push_back(std::string(name) + "=" + value);
  std::vector<char*> environment;
  for (std::string& entry : kept) environment.push_back(entry.data());
  environment.push_back(nullptr);
  for (const int signal : {SIGPIPE, SIGXFSZ, SIGXCPU, SIGINT, SIGTERM, SIGHUP}) ::signal(signal, SIG_DFL);

  limit(RLIMIT_CORE, 0, 0);
  limit(RLIMIT_NOFILE, kDescriptors, kDescriptors);
  limit(RLIMIT_STACK, kStackBytes, kStackBytes);
  limit(RLIMIT_FSIZE, confinement.output_bytes, confinement.output_bytes);
  limit(RLIMIT_CPU, confinement.cpu_seconds, confinement.cpu_seconds + 1);
  limit(RLIMIT_AS, kProgramBytes + confinement.memory_bytes, kProgramBytes + confinement.memory_bytes);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
    restrict_files(words.front());
    restrict_calls(arguments.front());
  }
  execve(arguments.front(), arguments.data(), environment.data());
  std::fprintf(stderr, "%s cannot be started: %s\n", arguments.front(), std::strerror(errno));
  return kCannotStart;
}

}  // namespace hone::document
