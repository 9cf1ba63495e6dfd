#pragma once
/// How much memory there is and how much of it some work took, on whatever device trains.
///   CPU:  used and peak are the process's resident set (VmRSS and VmHWM of /proc/self/status, the peak reset through
///         /proc/self/clear_refs); free is MemAvailable of /proc/meminfo, or what the process's cgroup has left
///   CUDA: used and peak are bytes allocated by LibTorch's caching allocator; free is what the device has, and what the
///         allocator keeps without using it
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>

namespace hone::training {

struct MemoryUse {
  uint64_t before = 0;  ///< Bytes in use when the work began.
  uint64_t peak = 0;    ///< Most bytes in use while it ran.
};

/// Bytes that can still be taken; 0 when the system does not say.
uint64_t free_memory(const at::Device& device);

/// Calls `work` and watches. Where the kernel does not let the peak be reset (some sandboxes), it is that of the process
/// so far: never too low.
MemoryUse memory_of(const at::Device& device, const std::function<void()>& work);

}  // namespace hone::training
