#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "base/files.h"
#include "formats/safetensors.h"
#include "formats/strict_json.h"

namespace hone::formats {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kSingle = "model.safetensors";
constexpr const char* kIndex = "model.safetensors.index.json";
constexpr uint64_t kMaxIndexBytes = 100'000'000;

/// A shard must lie in the folder itself: an index from elsewhere may not point at other files of this
/// machine.
fs::path shard_path(const fs::path& folder, const std::string& name, const std::string& where) {
  const bool plain = !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos &&
                     name.find('\0') == std::string::npos;
  if (!plain || !name.ends_with(".safetensors"))
    throw Error(ExitCode::data, where + ": weight_map names \"" + name.substr(0, 200) +
                                    "\", which is not a .safetensors file of this folder");
  return folder / name;
}

/// tensor name → shard, from the index.
std::map<std::string, fs::path> read_weight_map(const fs::path& folder) {
  const fs::path index = folder / kIndex;
  const json parsed = parse_strict_json(base::read_file(index, kMaxIndexBytes), index.string(), 16);
  if (!parsed.is_object() || !parsed.contains("weight_map") || !parsed["weight_map"].is_object() ||
      parsed["weight_map"].empty())
    throw Error(ExitCode::data, index.string() + ": has no weight_map; fetch the model again");
  std::map<std::string, fs::path> shards;
  for (const auto& [tensor, file] : parsed["weight_map"].items()) {
    if (!file.is_string())
      throw Error(ExitCode::data,
                  index.string() + ": weight_map of \"" + tensor.substr(0, 200) + "\" is not a file name");
    shards[tensor] = shard_path(folder, file.get<std::string>(), index.string());
  }
  return shards;
}

/// Each tensor lies in the shard that the index gives it, and the shards hold no others.
void check_shards(const std::map<std::string, fs::path>& weight_map, const std::set<fs::path>& files) {
  size_t found = 0;
  for (const fs::path& file : files) {
    const SafetensorsFile shard(file);
    for (const TensorRecord& tensor : shard.tensors()) {
      const auto expected = weight_map.find(tensor.name);
      if (expected == weight_map.end() || expected->second != file)
        throw Error(ExitCode::data, file.string() + ": holds tensor \"" + tensor.name.substr(0, 200) +
                                        "\", which " + kIndex +
                                        " does not place there; fetch the model again");
      ++found;
    }
  }
  if (found == weight_map.size()) return;
  for (const auto& [tensor, file] : weight_map)
    if (SafetensorsFile(file).find(tensor) == nullptr)
      throw Error(ExitCode::data, file.string() + ": lacks tensor \"" + tensor.substr(0, 200) + "\", which " +
                                      kIndex + " places there");
}

}  // namespace

std::vector<fs::path> safetensors_of_model(const fs::path& folder) {
  std::error_code ignored;
  if (fs::exists(folder / kSingle, ignored)) return {folder / kSingle};
  if (!fs::exists(folder / kIndex, ignored))
    throw Error(ExitCode::data, folder.string() + " holds neither " + kSingle + " nor " + kIndex +
                                    "; name a Hugging Face model folder with safetensors weights");
  const std::map<std::string, fs::path> weight_map = read_weight_map(folder);
  std::set<fs::path> files;
  for (const auto& [tensor, file] : weight_map) files.insert(file);
  check_shards(weight_map, files);
  return {files.begin(), files.end()};
}

}  // namespace hone::formats
