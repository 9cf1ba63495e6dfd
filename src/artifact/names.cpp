#include "artifact/names.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace hone::artifact {

std::string token_shard(const std::string& split, int index) {
  char number[16];
  std::snprintf(number, sizeof number, "%05d", index);
  return split + "-" + number + ".tokens";
}

std::string checkpoint_name(int64_t step) {
  char name[32];
  std::snprintf(name, sizeof name, "step-%06lld", static_cast<long long>(step));
  return name;
}

std::optional<int64_t> checkpoint_step(const std::string& name) {
  constexpr size_t kPrefix = 5;
  if (name.rfind("step-", 0) != 0 || name.size() < kPrefix + 6) return std::nullopt;
  int64_t step = 0;
  const auto [end, problem] = std::from_chars(name.data() + kPrefix, name.data() + name.size(), step);
  if (problem != std::errc() || end != name.data() + name.size() || step < 0) return std::nullopt;
  return step;
}

std::vector<int64_t> RunDirectory::checkpoint_steps() const {
  std::vector<int64_t> steps;
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(checkpoints(), absent))
    if (entry.is_directory())
      if (const auto step = checkpoint_step(entry.path().filename().string())) steps.push_back(*step);
  std::sort(steps.begin(), steps.end());
  return steps;
}

}  // namespace hone::artifact
