#include "plan/input_hashes.h"

#include <sys/stat.h>

#include <cerrno>
#include <ctime>
#include <optional>

#include "artifact/names.h"
#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/thread_pool.h"
#include "corpus/digest.h"
#include "corpus/memo_index.h"

namespace hone::plan {
namespace fs = std::filesystem;

namespace {

constexpr int64_t kRestlessSeconds = 2;

std::string state_of(const struct stat& status) {
  const int64_t values[] = {static_cast<int64_t>(status.st_size),     static_cast<int64_t>(status.st_mtim.tv_sec), static_cast<int64_t>(status.st_mtim.tv_nsec),
                            static_cast<int64_t>(status.st_ctim.tv_sec), static_cast<int64_t>(status.st_ctim.tv_nsec), static_cast<int64_t>(status.st_ino),
                            static_cast<int64_t>(status.st_dev)};
  return {reinterpret_cast<const char*>(values), sizeof values};
}

corpus::Digest key_of(const fs::path& file, uint64_t seed) {
  static const fs::path kHere = fs::current_path();  // asking the system for every file would cost as much as looking at it
  return corpus::Digest::of((kHere / file).native(), seed);
}

/// What is remembered of files, by any build of Hone; nothing when it cannot be used (cleaning will say so).
std::optional<corpus::MemoIndex> open_index(const fs::path& memo) {
  try {
    return corpus::MemoIndex::open(memo / artifact::kMemoIndex);
  } catch (const Error&) {
    return std::nullopt;
  }
}

void fill(InputHash& input, const corpus::MemoIndex* index) {
  struct stat status {};
  if (::stat(input.path.c_str(), &status) != 0) throw system_error("cannot read " + input.path.string(), errno);
  input.bytes = static_cast<uint64_t>(status.st_size);
  input.state = state_of(status);
  if (index != nullptr) {
    const auto known = index->find(corpus::Table::file, key_of(input.path, index->header().seed));
    if (known && known->starts_with(input.state)) {
      input.sha256 = known->substr(input.state.size());
      return;
    }
  }
  if (std::time(nullptr) - status.st_ctim.tv_sec < kRestlessSeconds) input.restless = true;
  input.sha256 = base::sha256_file(input.path);
}

}  // namespace

std::vector<InputHash> hash_inputs(const std::vector<document::SourceSpec>& sources, const fs::path& memo, bool verify) {
  std::vector<InputHash> inputs;
  for (size_t source = 0; source < sources.size(); ++source) {
    for (const fs::path& file : sources[source].files) inputs.push_back({.path = file, .source = source, .bytes = 0, .sha256 = {}, .state = {}});
  }
  const std::optional<corpus::MemoIndex> index = verify ? std::nullopt : open_index(memo);
  constexpr size_t kAtOnce = 64;
  base::ThreadPool pool;
  pool.for_each((inputs.size() + kAtOnce - 1) / kAtOnce, [&](uint64_t group) {
    for (size_t i = group * kAtOnce; i < std::min(inputs.size(), (group + 1) * kAtOnce); ++i) fill(inputs[i], index ? &*index : nullptr);
  });
  return inputs;
}

InputHash hash_input(const fs::path& file, const fs::path& memo) {
  const std::optional<corpus::MemoIndex> index = open_index(memo);
  InputHash input{.path = file, .source = 0, .bytes = 0, .sha256 = {}, .state = {}};
  fill(input, index ? &*index : nullptr);
  return input;
}

bool is_unchanged(const InputHash& input) {
  struct stat status {};
  if (::stat(input.path.c_str(), &status) != 0 || state_of(status) != input.state) return false;
  return !input.restless || base::sha256_file(input.path) == input.sha256;
}

void remember(corpus::Memo& memo, const InputHash& input) {
  if (!input.restless) memo.note_value(corpus::Table::file, key_of(input.path, memo.seed()), input.state + input.sha256);
}

}  // namespace hone::plan
