#pragma once
/// The checkpoints of one run: which is the newest that can be trusted, and which may go.
/// Order is by the step in the folder's name, never by time stamps (clocks and copies lie).
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "artifact/names.h"

namespace hone::checkpoint {

struct Skipped {
  std::filesystem::path folder;
  std::string reason;
};

struct Search {
  std::optional<std::filesystem::path> newest;  ///< Verified to the last byte.
  std::vector<Skipped> skipped;                 ///< Newer ones that did not verify.
};

/// Reads every byte of the candidates, newest first, until one verifies.
Search newest_verified(const artifact::RunDirectory& run);

/// Removes checkpoints that are neither among the `keep` newest (0: keep all) nor `best`. To be called only
/// after a new one has verified. A removed folder loses its manifest first, so a half-removed one is not
/// taken for a checkpoint. Returns the steps removed.
std::vector<int64_t> rotate(const artifact::RunDirectory& run, int64_t keep, std::optional<int64_t> best);

}  // namespace hone::checkpoint
