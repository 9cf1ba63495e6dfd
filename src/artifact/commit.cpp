#include "artifact/commit.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <set>

#include "artifact/names.h"
#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/json_file.h"

namespace hone::artifact {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr const char* kPartial = ".partial-";
constexpr const char* kReplaced = ".replaced-";

void rename_or_throw(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0)
    throw system_error("cannot move " + from.string() + " to " + to.string(), errno);
}

json to_json(const Manifest& manifest) {
  json files = json::object();
  for (const auto& [name, entry] : manifest.files) files[name] = {{"size", entry.size}, {"sha256", entry.sha256}};
  return {{"schema", 1},          {"kind", manifest.kind},   {"fingerprint", manifest.fingerprint},
          {"inputs", manifest.inputs}, {"facts", manifest.facts}, {"files", files}};
}

}  // namespace

void sweep(const fs::path& parent) {
  std::error_code absent;
  for (const auto& entry : fs::directory_iterator(parent, absent)) {
    const std::string name = entry.path().filename().string();
    std::error_code ignored;
    if (name.find(kPartial) != std::string::npos) fs::remove_all(entry.path(), ignored);
    const size_t cut = name.find(kReplaced);
    if (cut == std::string::npos) continue;
    const fs::path original = parent / name.substr(0, cut);
    if (fs::exists(original / kManifest)) fs::remove_all(entry.path(), ignored);
    else if (!fs::exists(original)) fs::rename(entry.path(), original, ignored);
  }
}

Commit::Commit(fs::path target, std::string kind, json inputs)
    : target_(std::move(target)), kind_(std::move(kind)), inputs_(std::move(inputs)) {
  std::error_code problem;
  fs::create_directories(target_.parent_path(), problem);
  if (problem) throw system_error("cannot create " + target_.parent_path().string(), problem.value());
  temporary_ = target_;
  temporary_ += kPartial + std::to_string(::getpid());
  fs::remove_all(temporary_, problem);
  if (!fs::create_directory(temporary_, problem))
    throw system_error("cannot create " + temporary_.string(), problem ? problem.value() : EEXIST);
}

Commit::~Commit() {
  std::error_code ignored;
  if (!finished_) fs::remove_all(temporary_, ignored);
}

Manifest Commit::finish(const json& facts) {
  Manifest manifest{kind_, fingerprint_of(inputs_), inputs_, facts, {}};
  std::set<fs::path> folders{temporary_};
  for (const fs::path& file : base::list_files(temporary_)) {
    base::sync_file(file);
    folders.insert(file.parent_path());
    manifest.files[file.lexically_relative(temporary_).string()] = {fs::file_size(file), base::sha256_file(file)};
  }
  base::write_file(temporary_ / kManifest, base::json_text(to_json(manifest)));
  for (const fs::path& folder : folders) base::sync_directory(folder);

  fs::path replaced = target_;
  replaced += kReplaced + std::to_string(::getpid());
  const bool had_one = fs::exists(target_);
  if (had_one) rename_or_throw(target_, replaced);
  try {
    rename_or_throw(temporary_, target_);
  } catch (...) {
    std::error_code ignored;
    if (had_one) fs::rename(replaced, target_, ignored);
    throw;
  }
  finished_ = true;
  base::sync_directory(target_.parent_path());

  const std::optional<Manifest> written = read_manifest(target_);
  const std::optional<std::string> problem =
      written ? first_problem(target_, *written, Depth::contents) : std::optional<std::string>("the manifest is gone");
  if (problem)
    throw Error(ExitCode::storage, target_.string() + " did not read back as written: " + *problem + "; check this disk");
  std::error_code ignored;
  if (had_one) fs::remove_all(replaced, ignored);
  return manifest;
}

}  // namespace hone::artifact
