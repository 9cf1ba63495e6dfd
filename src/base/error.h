#pragma once
/// The one error type of Hone and the one home of its exit codes.
///
/// A message says what went wrong, where (file:line:column, key, document, tensor) and what to do next.
/// Expected outcomes are values (std::optional, a counted rejection), never exceptions.
/// HONE_ASSERT is for Hone's own bugs and must not be reachable by input.
#include <stdexcept>
#include <string>

namespace hone {

/// What a process ends with. Schedulers act on these numbers; they never change meaning.
enum class ExitCode : int {
  done = 0,
  internal = 1,
  usage = 2,          ///< Usage or recipe.
  data = 3,           ///< Input or data: missing, corrupt, incompatible.
  diverged = 4,       ///< Training met NaN or Inf.
  storage = 5,        ///< Disk full, I/O error, or memory.
  refused = 10,       ///< A gate failed.
  inconclusive = 11,  ///< The gates could not be decided.
  busy = 75,          ///< Busy or paused; run again.
  unchanged = 99,     ///< Nothing to do.
  stopped = 143,      ///< SIGTERM, after saving.
};

class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

/// An error that carries the operating system's own words for `error_number` (as in errno). Storage unless it is ENOENT,
/// EACCES, EISDIR or ENOTDIR, which are data: the path is wrong, not the disk.
Error system_error(const std::string& what, int error_number);

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace hone

#define HONE_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::hone::assertion_failed(#condition, __FILE__, __LINE__))
