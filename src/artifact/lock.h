#pragma once
/// One process at a time works on a run directory. flock on runs/<name>/<lineage>/LOCK: released by the kernel when the holder
/// ends in whatever way. The file names the holder for people; nothing depends on its content.
#include <filesystem>

#include "base/files.h"

namespace hone::artifact {

class DirectoryLock {
 public:
  /// Throws Error(busy) naming the holder when another process has it.
  explicit DirectoryLock(const std::filesystem::path& lock_file);

 private:
  base::FileDescriptor file_;
};

}  // namespace hone::artifact
