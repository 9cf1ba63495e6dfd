#pragma once
/// Models in the local Hugging Face cache, by their name on the Hub. Nothing is ever fetched.
///   <cache>/models--org--name/refs/main           a line with the commit that `main` names
///   <cache>/models--org--name/snapshots/<commit>/ config.json, *.safetensors … (links into blobs/)
///   cache: $HF_HUB_CACHE, else $HUGGINGFACE_HUB_CACHE, else $HF_HOME/hub, else $XDG_CACHE_HOME/huggingface/hub, else
///   ~/.cache/huggingface/hub, as huggingface_hub looks for it
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace hone::recipe {

/// "org/name", perhaps with "@revision": a branch, a tag or a commit.
struct HubName {
  std::string organisation, name;
  std::string revision = "main";
  std::string text() const { return organisation + "/" + name; }
};

/// Nothing when `text` does not have that form: one slash, letters, digits and - _ . on both sides.
std::optional<HubName> parse_hub_name(std::string_view text);

std::filesystem::path hub_cache_folder();

/// Folder of the snapshot. Throws data, with the command that downloads what is missing, when the model or a file
/// it needs (config.json, weights, every shard an index names) is not in the cache.
std::filesystem::path find_in_hub_cache(const HubName& model, const std::filesystem::path& cache);

}  // namespace hone::recipe
