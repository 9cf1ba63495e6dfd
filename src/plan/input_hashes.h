#pragma once
/// SHA-256 of every input file, without reading those that have not changed since they were last read.
///
/// A file counts as unchanged when size, modification time, change time, inode and device are what they were (the change time cannot
/// be set back by programs that copy time stamps). A file that changed within the last two seconds is read again next time: it may
/// change once more within one tick of the clock. `verify` reads everything.
#include <filesystem>
#include <string>
#include <vector>

#include "corpus/memo.h"
#include "document/stream.h"

namespace hone::plan {

struct InputHash {
  std::filesystem::path path;
  size_t source = 0;   ///< Index into the sources.
  uint64_t bytes = 0;
  std::string sha256;  ///< 64 hex digits.
  std::string state;   ///< What the file system said of it before it was read.
  bool restless = false;  ///< It changed within the last two seconds.
};

/// In the order in which they are read. `memo` is the folder where cleaning remembers; need not exist. Throws data or storage.
std::vector<InputHash> hash_inputs(const std::vector<document::SourceSpec>& sources, const std::filesystem::path& memo, bool verify);

/// The same for one file, such as a program.
InputHash hash_input(const std::filesystem::path& file, const std::filesystem::path& memo);

/// Whether the file is still as it was when it was hashed.
bool is_unchanged(const InputHash& input);

/// So that the next hash_inputs() finds it.
void remember(corpus::Memo& memo, const InputHash& input);

}  // namespace hone::plan
