#pragma once
/// The child's side: requests in, frames out, until the parent hangs up. See frames.h for the protocol.
#include "document/limits.h"

namespace hone::document {

/// Exit status of a child that met its memory limit; the parent tells it from a crash.
constexpr int kOutOfMemory = 5;

/// Where the parent puts the ends of the channels before it starts the program.
constexpr int kRequestDescriptor = 3, kFrameDescriptor = 4;

struct ServeOptions {
  ReaderLimits limits;
  bool test_faults =
      false;  ///< Texts that begin with "HONE-READ-TEST-FAULT: " make this process misbehave as they say.
};

/// Locks the process in and serves. Returns when the parent closes its end.
int serve(const ServeOptions& options);

}  // namespace hone::document
