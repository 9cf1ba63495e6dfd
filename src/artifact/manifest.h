#pragma once
/// MANIFEST.json: what an artefact was made from and what it holds. Written last, so a folder without a valid one is not there.
///
///   { "schema": 1, "kind": "corpus", "fingerprint": "<sha256 of inputs>",
///     "inputs": {…everything that went in…}, "facts": {…a short summary for people…},
///     "files": { "documents.jsonl.zst": {"size": 123, "sha256": "…"}, … } }
///
/// File names are relative, inside the folder, without `..`.
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace hone::artifact {

struct FileEntry {
  uint64_t size = 0;
  std::string sha256;
};

struct Manifest {
  std::string kind;         ///< corpus | tokenizer | tokens | checkpoint | evaluation | export | report
  std::string fingerprint;  ///< SHA-256 of the canonical JSON of `inputs`.
  nlohmann::json inputs = nlohmann::json::object();
  nlohmann::json facts = nlohmann::json::object();
  std::map<std::string, FileEntry> files;
};

/// SHA-256 of the canonical (sorted, compact) JSON of everything that went into a stage.
std::string fingerprint_of(const nlohmann::json& inputs);

/// Nothing when the folder has no manifest; throws data when it has one that cannot be read.
std::optional<Manifest> read_manifest(const std::filesystem::path& directory);

enum class Depth { sizes, contents };

/// The first thing that is wrong with the folder's files ("model.safetensors: SHA-256 differs …"), or nothing when it verifies.
std::optional<std::string> first_problem(const std::filesystem::path& directory, const Manifest& manifest, Depth depth);

/// True when `directory` holds a committed artefact of this fingerprint whose files have the recorded sizes.
bool is_up_to_date(const std::filesystem::path& directory, const std::string& fingerprint);

}  // namespace hone::artifact
