#include "recipe/hub_cache.h"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "base/files.h"

namespace hone::recipe {
namespace fs = std::filesystem;

namespace {

/// What Hone reads of a model folder.
constexpr const char* kPatterns[] = {"*.json", "*.safetensors", "*.model", "*.jinja", "*.txt"};

bool is_word(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.'; });
}

/// Branches may have slashes; nothing that leaves refs/.
bool is_revision(std::string_view text) {
  return !text.empty() && text.front() != '/' && text.find("..") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == '/'; });
}

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

Error missing(const HubName& model, const fs::path& cache, const std::string& what) {
  std::string command = "hf download " + model.text();
  if (model.revision != "main") command += " --revision " + model.revision;
  for (const char* pattern : kPatterns) command += std::string(" --include \"") + pattern + "\"";
  return {ExitCode::data,
          model.text() + ": " + what + " in the Hugging Face cache " + cache.string() +
              ", and Hone never downloads; on a machine with a network:\n  " + command +
              "\n(huggingface-cli download … with older versions; copy the cache over where this machine has none, or set HF_HUB_CACHE)"};
}

/// The commit that a branch or tag names; the revision itself when it is a commit.
std::string commit_of(const HubName& model, const fs::path& repository, const fs::path& cache) {
  const fs::path reference = repository / "refs" / model.revision;
  std::error_code ignored;
  if (!fs::is_regular_file(reference, ignored)) {
    if (is_word(model.revision) && fs::is_directory(repository / "snapshots" / model.revision, ignored)) return model.revision;
    throw missing(model, cache, fs::is_directory(repository, ignored) ? "revision " + model.revision + " is not" : "the model is not");
  }
  std::string commit = base::read_file(reference, 4096);
  commit.erase(std::remove_if(commit.begin(), commit.end(), [](unsigned char c) { return std::isspace(c) != 0; }), commit.end());
  if (!is_word(commit)) throw Error(ExitCode::data, reference.string() + " does not name a commit");
  return commit;
}

/// The first file a model needs that `snapshot` lacks; links to blobs that are gone count as lacking.
std::string first_missing(const fs::path& snapshot) {
  std::error_code ignored;
  if (!fs::is_regular_file(snapshot / "config.json", ignored)) return "config.json";
  const fs::path index = snapshot / "model.safetensors.index.json";
  if (!fs::is_regular_file(index, ignored)) return fs::is_regular_file(snapshot / "model.safetensors", ignored) ? "" : "model.safetensors";
  const auto table = nlohmann::json::parse(base::read_file(index, size_t{64} << 20), nullptr, false);
  if (!table.is_object() || !table.contains("weight_map") || !table["weight_map"].is_object())
    return "a readable model.safetensors.index.json";
  std::set<std::string> shards;
  for (const auto& [tensor, shard] : table["weight_map"].items())
    if (shard.is_string()) shards.insert(shard.get<std::string>());
  for (const std::string& shard : shards)
    if (!fs::is_regular_file(snapshot / shard, ignored)) return shard;
  return "";
}

}  // namespace

std::optional<HubName> parse_hub_name(std::string_view text) {
  HubName model;
  if (const size_t at = text.find('@'); at != std::string_view::npos) {
    model.revision = std::string(text.substr(at + 1));
    if (!is_revision(model.revision)) return std::nullopt;
    text = text.substr(0, at);
  }
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos || !is_word(text.substr(0, slash)) || !is_word(text.substr(slash + 1))) return std::nullopt;
  model.organisation = std::string(text.substr(0, slash));
  model.name = std::string(text.substr(slash + 1));
  return model;
}

fs::path hub_cache_folder() {
  for (const char* name : {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"})
    if (const std::string folder = from_environment(name); !folder.empty()) return folder;
  if (const std::string home = from_environment("HF_HOME"); !home.empty()) return fs::path(home) / "hub";
  if (const std::string caches = from_environment("XDG_CACHE_HOME"); !caches.empty()) return fs::path(caches) / "huggingface" / "hub";
  return fs::path(from_environment("HOME")) / ".cache" / "huggingface" / "hub";
}

fs::path find_in_hub_cache(const HubName& model, const fs::path& cache) {
  const fs::path repository = cache / ("models--" + model.organisation + "--" + model.name);
  const std::string commit = commit_of(model, repository, cache);
  const fs::path snapshot = repository / "snapshots" / commit;
  std::error_code ignored;
  if (!fs::is_directory(snapshot, ignored)) throw missing(model, cache, "the files of commit " + commit + " are not");
  if (const std::string file = first_missing(snapshot); !file.empty())
    throw missing(model, cache, file + " of commit " + commit + " is not");
  return snapshot;
}

}  // namespace hone::recipe
