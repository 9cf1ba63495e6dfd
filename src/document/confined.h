#pragma once
/// Another program's process (poppler's, tesseract), confined before the program starts: hone-read takes the
/// form of it.
///
/// What survives exec: resource limits (processor time, address space, size of what it writes, descriptors,
/// no core file), no new privileges, a system call filter (an allow list: no socket, no fork, no tracing,
/// files opened for reading only), and where the kernel has Landlock, reading and executing in the system's
/// own folders only. The document comes as descriptor 0, the result goes to descriptor 1; no path of the
/// user's is ever named.
#include <cstdint>
#include <string>
#include <vector>

namespace hone::document {

struct Confinement {
  uint64_t cpu_seconds = 30;
  uint64_t memory_bytes = UINT64_C(2) << 30;
  uint64_t output_bytes = UINT64_C(256) << 20;
};

/// Confines this process and becomes the program `words[0]` (an absolute path). Returns only when that fails,
/// with an exit status.
int become(std::vector<std::string> words, const Confinement& confinement);

}  // namespace hone::document
