#pragma once
/// Where tests find what they need beside the source, and a folder that is gone when the test is.
///
/// Large reference material lives outside the checkout: HONE_SHARED names it (default: <source>/../shared), HONE_GOLDEN its
/// golden figures (default: HONE_SHARED/golden). A test that needs some says GTEST_SKIP() with its name where it is absent:
///   const auto folder = hone::test::golden();
///   if (!folder) GTEST_SKIP() << "no golden figures: set HONE_GOLDEN";

#include <filesystem>
#include <optional>
#include <string_view>

namespace hone::test {

/// Root of the checkout: HONE_SOURCE, else where the tests were compiled from.
std::filesystem::path source();

/// Corpora, models and figures that are not part of the checkout; nullopt where there are none.
std::optional<std::filesystem::path> shared();

/// Golden figures of reference models; nullopt where there are none.
std::optional<std::filesystem::path> golden();

/// tests/fixtures: small files made by the scripts beside them; nullopt where there are none.
std::optional<std::filesystem::path> fixtures();

/// Folder of the programs under test: HONE_BIN; nullopt when unset or absent.
std::optional<std::filesystem::path> programs();

/// A fresh directory under the system's temporary folder, removed with all it holds at the end of the scope.
/// Kept for inspection when HONE_KEEP_TEMP is set.
class TempDir {
 public:
  /// Throws std::system_error when the directory cannot be made. `name` is only to recognise it by.
  explicit TempDir(std::string_view name = "hone-test");
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::filesystem::path& below) const { return path_ / below; }

 private:
  std::filesystem::path path_;
};

}  // namespace hone::test
