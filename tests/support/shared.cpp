#include "support/shared.h"

#include <stdlib.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace hone::test {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> existing(fs::path folder) {
  std::error_code ignored;
  if (folder.empty() || !fs::is_directory(folder, ignored)) return std::nullopt;
  return folder;
}

fs::path from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? fs::path{} : fs::path{value};
}

}  // namespace

fs::path source() {
  const fs::path named = from_environment("HONE_SOURCE");
  return named.empty() ? fs::path{HONE_SOURCE_DIR} : named;
}

std::optional<fs::path> shared() {
  const fs::path named = from_environment("HONE_SHARED");
  return existing(named.empty() ? source().parent_path() / "shared" : named);
}

std::optional<fs::path> golden() {
  const fs::path named = from_environment("HONE_GOLDEN");
  if (!named.empty()) return existing(named);
  const auto folder = shared();
  return folder ? existing(*folder / "golden") : std::nullopt;
}

std::optional<fs::path> fixtures() { return existing(source() / "tests" / "fixtures"); }

std::optional<fs::path> programs() { return existing(from_environment("HONE_BIN")); }

TempDir::TempDir(std::string_view name) {
  std::string pattern = (fs::temp_directory_path() / (std::string{name} + "-XXXXXX")).string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::system_error(errno, std::generic_category(), pattern);
  path_ = pattern;
}

TempDir::~TempDir() {
  if (std::getenv("HONE_KEEP_TEMP") != nullptr) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace hone::test
