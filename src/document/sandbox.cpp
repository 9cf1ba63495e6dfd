#include "document/sandbox.h"

#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace hone::document {
namespace {

constexpr rlim_t kStackBytes = 64 << 20;
constexpr rlim_t kDescriptors = 32;

/// Pages of address space now in use; 0 when /proc is not there.
uint64_t address_space() {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen("/proc/self/statm", "re"), &std::fclose);
  unsigned long pages = 0;
  if (!file || std::fscanf(file.get(), "%lu", &pages) != 1) return 0;
  return static_cast<uint64_t>(pages) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

void limit(int resource, rlim_t value) {
  rlimit current{};
  getrlimit(static_cast<__rlimit_resource>(resource), &current);
  const rlim_t allowed = current.rlim_max == RLIM_INFINITY ? value : std::min(value, current.rlim_max);
  const rlimit wanted{allowed, resource == RLIMIT_STACK ? current.rlim_max : allowed};
  setrlimit(static_cast<__rlimit_resource>(resource), &wanted);
}

#ifdef __SANITIZE_ADDRESS__
// Sanitizers map terabytes of shadow memory, and look at their own process through files and pipes.
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

void limit_resources(uint64_t memory_bytes, FileWrites writes) {
  limit(RLIMIT_CORE, 0);
  if (writes == FileWrites::forbidden && !kSanitized) limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_NOFILE, kDescriptors);
  limit(RLIMIT_STACK,
        kStackBytes);  // deep documents recurse in the parser; the kernel grows the stack up to this
  if (const uint64_t used = address_space(); used > 0 && !kSanitized) limit(RLIMIT_AS, used + memory_bytes);
}

using Filter = std::unique_ptr<void, void (*)(void*)>;

bool allow(void* filter, int call) { return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0; }

/// What the C library and the parsers need. Descriptors come by recvmsg on the one socket that is there.
bool add_rules(void* filter) {
  for (const int call :
       {SCMP_SYS(read),           SCMP_SYS(readv),       SCMP_SYS(pread64),         SCMP_SYS(write),
        SCMP_SYS(writev),         SCMP_SYS(close),       SCMP_SYS(lseek),           SCMP_SYS(recvmsg),
        SCMP_SYS(fstat),          SCMP_SYS(brk),         SCMP_SYS(munmap),          SCMP_SYS(mremap),
        SCMP_SYS(madvise),        SCMP_SYS(exit),        SCMP_SYS(exit_group),      SCMP_SYS(rt_sigreturn),
        SCMP_SYS(rt_sigprocmask), SCMP_SYS(sigaltstack), SCMP_SYS(clock_gettime),   SCMP_SYS(gettimeofday),
        SCMP_SYS(getrandom),      SCMP_SYS(futex),       SCMP_SYS(sched_yield),     SCMP_SYS(getpid),
        SCMP_SYS(gettid),         SCMP_SYS(getrusage),   SCMP_SYS(restart_syscall), SCMP_SYS(clock_nanosleep),
        SCMP_SYS(nanosleep)})
    if (!allow(filter, call)) return false;
  // Memory, but never memory that can be executed.
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)})
    if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) != 0)
      return false;
  // fstat(fd) of newer C libraries: the empty path is the descriptor itself; without the flag it names
  // nothing.
  if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
                       SCMP_A3_64(SCMP_CMP_EQ, AT_EMPTY_PATH)) != 0)
    return false;
  // abort() sends a signal to itself, nobody else.
  return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                          SCMP_A0_64(SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid()))) == 0;
}

std::string install_filter() {
  if (kSanitized) return "this build is instrumented by a sanitizer, which needs more than the filter allows";
  const Filter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)), &seccomp_release);
  if (!filter) return "libseccomp could not start";
  seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  if (!add_rules(filter.get())) return "libseccomp does not know this machine's system calls";
  if (const int error = seccomp_load(filter.get()); error != 0)
    return std::string("the kernel refused the system call filter (") + std::strerror(-error) + ")";
  return {};
}

}  // namespace

Sandbox lock_in(uint64_t memory_bytes, FileWrites writes) {
  limit_resources(memory_bytes, writes);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_DUMPABLE, 0);
  Sandbox result;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) result.detail = "the kernel knows no PR_SET_NO_NEW_PRIVS";
  if (result.detail.empty()) result.detail = install_filter();
  result.filtered = result.detail.empty();
  return result;
}

}  // namespace hone::document
