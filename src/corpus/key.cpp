#include "corpus/key.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/log.h"
#include "corpus/rules/personal_data.h"
#include "corpus/rules/secrets.h"

namespace hone::corpus {
namespace fs = std::filesystem;
namespace {

constexpr size_t kBytes = 32, kLeastDigits = 32, kMostDigits = 256;

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// `where` for the message; the text itself is never shown.
std::string bytes_of(std::string_view hex, const std::string& where) {
  while (!hex.empty() && (hex.back() == '\n' || hex.back() == '\r' || hex.back() == ' ')) hex.remove_suffix(1);
  std::string bytes;
  bool whole = hex.size() % 2 == 0 && hex.size() >= kLeastDigits && hex.size() <= kMostDigits;
  for (size_t i = 0; whole && i < hex.size(); i += 2) {
    const int high = digit_of(hex[i]), low = digit_of(hex[i + 1]);
    whole = high >= 0 && low >= 0;
    bytes += static_cast<char>(high * 16 + low);
  }
  if (!whole) {
    throw Error(ExitCode::usage, fmt::format("{} is no key: it must be {} to {} hex digits, two for each byte, and nothing else", where, kLeastDigits, kMostDigits));
  }
  return bytes;
}

fs::path default_file() {
  if (const char* config = std::getenv("XDG_CONFIG_HOME"); config != nullptr && *config == '/') return fs::path(config) / "hone" / "key";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') return fs::path(home) / ".config" / "hone" / "key";
  throw Error(ExitCode::usage, "there is no place for the key of keyed hashes: set HOME or XDG_CONFIG_HOME, name a file in corpus.personal_data.key_file, or give HONE_KEY");
}

void make_key(const fs::path& file) {
  std::array<uint8_t, kBytes> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) throw system_error("no random bytes for " + file.string(), errno);
  std::string hex;
  for (const uint8_t byte : bytes) hex += fmt::format("{:02x}", byte);
  hex += '\n';
  std::error_code problem;
  const bool own_folder = file.has_parent_path() && fs::create_directories(file.parent_path(), problem);
  if (problem) throw system_error("cannot create " + file.parent_path().string(), problem.value());
  if (own_folder) fs::permissions(file.parent_path(), fs::perms::owner_all, problem);
  // Written aside and linked: of two runs that start together one makes the key, and nobody reads half of one.
  const fs::path aside = file.string() + "." + std::to_string(::getpid());
  {
    base::FileDescriptor out(::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!out.open() || ::write(out.value(), hex.data(), hex.size()) != static_cast<ssize_t>(hex.size()) || ::fsync(out.value()) != 0) {
      throw system_error("cannot write " + aside.string(), errno);
    }
  }
  const bool made = ::link(aside.c_str(), file.c_str()) == 0;
  const int why = errno;
  ::unlink(aside.c_str());
  if (!made && why != EEXIST) throw system_error("cannot create " + file.string(), why);
  if (!made) return;
  base::say(fmt::format("a key for keyed hashes of personal data was made: {}; keep it out of the runs, and keep it if hashes must stay comparable", file.string()));
}

bool runs(const recipe::CorpusOptions& options, std::string_view rule) {
  return std::find(options.rules.begin(), options.rules.end(), rule) != options.rules.end();
}

}  // namespace

std::string load_key(const std::optional<std::string>& file) {
  if (const char* given = std::getenv("HONE_KEY"); given != nullptr && *given != '\0') return bytes_of(given, "HONE_KEY");
  const fs::path path = file && !file->empty() ? fs::path(*file) : default_file();
  if (!fs::exists(path)) make_key(path);
  return bytes_of(base::read_file(path, 4096), path.string());
}

bool needs_key(const recipe::CorpusOptions& options) {
  return runs(options, PersonalData::kName) || runs(options, Secrets::kName);
}

bool pseudonymises(const recipe::CorpusOptions& options) {
  if (!runs(options, PersonalData::kName)) return false;
  const personal::Kinds kinds = kinds_of(options.personal_data);
  const auto actions = actions_of(options.personal_data);
  for (size_t i = 0; i < personal::kKinds; ++i) {
    if (kinds.test(i) && actions[i] == recipe::SpanAction::pseudonymise) return true;
  }
  return false;
}

std::string key_identity(const std::string& key) { return base::hmac_sha256(key, "id").substr(0, 16); }

}  // namespace hone::corpus
