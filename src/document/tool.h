#pragma once
/// The parent's side of a foreign program (pdftotext, tesseract) that works on one document: started confined
/// (confined.h), watched, and ended when it takes too long. What it writes goes to a file in memory and is as
/// untrusted as the document.
#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "document/limits.h"

namespace hone::document {

/// The program of that name in the folders of PATH (or the usual ones); nothing when it is not installed.
std::optional<std::filesystem::path> find_tool(std::string_view name);

/// An empty file in memory. Throws storage when there is no room for one.
base::FileDescriptor memory_file(const char* name);

struct ToolRun {
  enum class Status { done, failed, timed_out, too_much_output, stopped };
  Status status = Status::failed;
  int exit_status = -1;   ///< Of a program that ended by itself.
  std::string complaint;  ///< The beginning of what it said on its error output, or how it died.
};

/// Runs `words` (an absolute path and arguments) with `input` as descriptor 0 and `output` as descriptor 1,
/// both from their beginnings. Both stay the caller's. `stop` ends it from outside. Throws internal when
/// hone-read cannot be started.
ToolRun run_tool(const std::filesystem::path& hone_read, std::vector<std::string> words, int input,
                 int output, const ReaderLimits& limits, const std::atomic<bool>& stop);

}  // namespace hone::document
