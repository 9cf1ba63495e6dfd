#pragma once
/// The one commit protocol. An artefact appears whole or not at all, whatever moment the machine stops at:
///   temporary folder beside the target → files written by the owner → each file and folder fsynced → MANIFEST.json written last
///   and fsynced → rename to the target → parent fsynced → read back and verified.
/// What stood at the target before is moved aside first and removed only after the new one verifies.
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "artifact/manifest.h"

namespace hone::artifact {

class Commit {
 public:
  /// Makes the temporary folder `<target>.partial-<pid>`; leftovers of killed processes are removed first.
  /// `inputs` is everything that went in; its hash is the fingerprint.
  Commit(std::filesystem::path target, std::string kind, nlohmann::json inputs);
  /// Removes the temporary folder unless finished.
  ~Commit();
  Commit(const Commit&) = delete;
  Commit& operator=(const Commit&) = delete;

  /// Where the owner writes its files.
  const std::filesystem::path& directory() const { return temporary_; }

  /// Hashes every file written, commits, verifies. Throws storage when the disk refuses; then the target is as it was.
  Manifest finish(const nlohmann::json& facts);

 private:
  std::filesystem::path target_, temporary_;
  std::string kind_;
  nlohmann::json inputs_;
  bool finished_ = false;
};

/// Removes what killed processes left beside artefacts: `*.partial-*` and `*.replaced-*` folders in `parent`. A folder that was
/// moved aside while its successor never arrived is put back.
void sweep(const std::filesystem::path& parent);

}  // namespace hone::artifact
