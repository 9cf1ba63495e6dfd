#include "training/memory_room.h"

#include <ATen/DeviceAccelerator.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

namespace hone::training {
namespace fs = std::filesystem;

namespace {

constexpr uint64_t kNoLimit = std::numeric_limits<uint64_t>::max();

/// "Key:   123 kB" of /proc/meminfo and /proc/self/status, in bytes; 0 when it is not there.
uint64_t kibibytes_of(const char* file, const std::string& key) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(key + ":", 0) != 0) continue;
    std::istringstream words(line.substr(key.size() + 1));
    uint64_t value = 0;
    return words >> value ? value * 1024 : 0;
  }
  return 0;
}

/// A number in a file of a cgroup; no limit for "max" and what is not there.
uint64_t number_in(const fs::path& file) {
  std::ifstream stream(file);
  uint64_t value = 0;
  return stream >> value ? value : kNoLimit;
}

/// Pages of files that a cgroup's memory.stat counts and the kernel gives up when memory is asked for.
uint64_t given_up_by(const fs::path& folder, const std::string& key) {
  std::ifstream stream(folder / "memory.stat");
  std::string name;
  for (uint64_t value = 0; stream >> name >> value;)
    if (name == key) return value;
  return 0;
}

/// What the process's cgroup and those above it leave; version 2, then version 1.
uint64_t left_by_cgroups() {
  uint64_t left = kNoLimit;
  const auto within = [&](const fs::path& folder, const char* limit, const char* usage, const char* inactive) {
    const uint64_t most = number_in(folder / limit), used = number_in(folder / usage);
    if (most == kNoLimit || used == kNoLimit) return;
    const uint64_t kept = used - std::min(used, given_up_by(folder, inactive));
    left = std::min(left, most > kept ? most - kept : 0);
  };
  std::ifstream lines("/proc/self/cgroup");
  for (std::string line; std::getline(lines, line);) {
    const size_t first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const bool unified = controllers.empty();
    if (!unified && controllers.find("memory") == std::string::npos) continue;
    const fs::path root = unified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
    for (fs::path place = line.substr(second + 1);; place = place.parent_path()) {
      const fs::path folder = root / place.relative_path();
      if (unified)
        within(folder, "memory.max", "memory.current", "inactive_file");
      else
        within(folder, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");
      if (!place.has_relative_path()) break;
    }
  }
  return left;
}

MemoryUse on_cpu(const std::function<void()>& work) {
  MemoryUse use{.before = kibibytes_of("/proc/self/status", "VmRSS")};
  std::ofstream("/proc/self/clear_refs") << "5";
  work();
  use.peak = kibibytes_of("/proc/self/status", "VmHWM");
  return use;
}

size_t allocated(const at::Device& device, bool peak) {
  const auto stats = at::accelerator::getDeviceStats(device.index());
  const auto& bytes = stats.allocated_bytes[static_cast<size_t>(c10::CachingAllocator::StatType::AGGREGATE)];
  return static_cast<size_t>(peak ? bytes.peak : bytes.current);
}

}  // namespace

uint64_t free_memory(const at::Device& device) {
  if (!device.is_cpu()) {
    const auto stats = at::accelerator::getDeviceStats(device.index());
    const auto& reserved = stats.reserved_bytes[static_cast<size_t>(c10::CachingAllocator::StatType::AGGREGATE)];
    return at::accelerator::getMemoryInfo(device.index()).first + static_cast<uint64_t>(reserved.current) -
           allocated(device, /*peak=*/false);
  }
  const uint64_t available = kibibytes_of("/proc/meminfo", "MemAvailable"), left = left_by_cgroups();
  return available == 0 && left == kNoLimit ? 0 : std::min(available == 0 ? kNoLimit : available, left);
}

MemoryUse memory_of(const at::Device& device, const std::function<void()>& work) {
  if (device.is_cpu()) return on_cpu(work);
  MemoryUse use{.before = allocated(device, /*peak=*/false)};
  at::accelerator::resetPeakStats(device.index());
  work();
  at::accelerator::synchronizeDevice(device.index());
  use.peak = allocated(device, /*peak=*/true);
  return use;
}

}  // namespace hone::training
