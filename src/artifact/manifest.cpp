#include "artifact/manifest.h"

#include "artifact/names.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/json_file.h"

namespace hone::artifact {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {
bool stays_inside(const fs::path& name) {
  if (name.empty() || name.is_absolute()) return false;
  for (const fs::path& part : name)
    if (part == "..") return false;
  return true;
}
}  // namespace

std::string fingerprint_of(const json& inputs) {
  return base::sha256(inputs.dump(-1, ' ', false, json::error_handler_t::replace));
}

std::optional<Manifest> read_manifest(const fs::path& directory) {
  const fs::path path = directory / kManifest;
  std::error_code problem;
  if (!fs::exists(path, problem)) return std::nullopt;
  const json stored = base::read_json(path);
  try {
    if (stored.at("schema") != 1)
      throw Error(ExitCode::data, path.string() + ": schema " + stored.at("schema").dump() + " is from a newer Hone; use that version");
    Manifest manifest;
    manifest.kind = stored.at("kind").get<std::string>();
    manifest.fingerprint = stored.at("fingerprint").get<std::string>();
    manifest.inputs = stored.at("inputs");
    manifest.facts = stored.value("facts", json::object());
    for (const auto& [name, entry] : stored.at("files").items()) {
      if (!stays_inside(name)) throw Error(ExitCode::data, path.string() + ": refuses the file name " + name);
      manifest.files[name] = {entry.at("size").get<uint64_t>(), entry.at("sha256").get<std::string>()};
    }
    return manifest;
  } catch (const json::exception& wrong) {
    throw Error(ExitCode::data, path.string() + ": not a manifest (" + wrong.what() + "); remove " + directory.string() +
                                    " and run again");
  }
}

std::optional<std::string> first_problem(const fs::path& directory, const Manifest& manifest, Depth depth) {
  for (const auto& [name, entry] : manifest.files) {
    const fs::path file = directory / name;
    std::error_code problem;
    if (!fs::is_regular_file(file, problem)) return name + " is missing";
    const uint64_t size = fs::file_size(file, problem);
    if (problem || size != entry.size)
      return name + " has " + std::to_string(size) + " bytes, the manifest says " + std::to_string(entry.size);
    if (depth == Depth::contents && base::sha256_file(file) != entry.sha256) return name + ": its SHA-256 differs from the manifest's";
  }
  return std::nullopt;
}

bool is_up_to_date(const fs::path& directory, const std::string& fingerprint) {
  try {
    const std::optional<Manifest> manifest = read_manifest(directory);
    return manifest && manifest->fingerprint == fingerprint && !first_problem(directory, *manifest, Depth::sizes);
  } catch (const Error&) {
    return false;  // an unreadable manifest is no artefact: it is made again
  }
}

}  // namespace hone::artifact
