#pragma once
/// A process that has read its last path locks itself in: from then on it can compute, read descriptors that
/// it is handed and write to those that it has, and nothing else. No open, no socket, no fork, no exec, no
/// file of its own (seccomp-bpf, an allow list; everything else fails with EPERM), no core file, no tracing
/// by others, and it dies with its parent.
#include <cstdint>
#include <string>

namespace hone::document {

struct Sandbox {
  bool filtered = false;  ///< The system call filter is on.
  std::string detail;     ///< Why not, for people; empty when it is.
};

/// Whether the process may still add to files that it has open (standard output sent to a file).
enum class FileWrites { forbidden, allowed };

/// `memory_bytes`: address space beyond what the process has now. Call from a process of one thread, after
/// all that opens files. Never throws: a kernel or container that refuses the filter leaves the resource
/// limits, and says so in the result.
Sandbox lock_in(uint64_t memory_bytes, FileWrites writes = FileWrites::forbidden);

}  // namespace hone::document
