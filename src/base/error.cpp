#include "base/error.h"

#include <cerrno>
#include <cstring>

namespace hone {

Error system_error(const std::string& what, int error_number) {
  const bool path_is_wrong =
      error_number == ENOENT || error_number == EACCES || error_number == EISDIR || error_number == ENOTDIR;
  std::string message = what + ": " + std::strerror(error_number);
  if (error_number == ENOSPC) message += "; free some space and run the same command again, it continues";
  return Error(path_is_wrong ? ExitCode::data : ExitCode::storage, message);
}

void assertion_failed(const char* condition, const char* file, int line) {
  throw Error(ExitCode::internal, std::string("a bug in Hone: ") + condition + " does not hold at " + file + ":" +
                                      std::to_string(line) + "; please report it with the command that led here");
}

}  // namespace hone
