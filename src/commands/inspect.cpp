/// `hone inspect PATH`: what a file or folder of Hone's world holds, and whether it verifies. `--logits` is the engine's part.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "artifact/manifest.h"
#include "artifact/names.h"
#include "base/error.h"
#include "base/json_file.h"
#include "base/lines.h"
#include "base/log.h"
#include "commands/here.h"
#include "dataset/shard.h"
#include "formats/adapter_config.h"
#include "formats/huggingface.h"
#include "formats/safetensors.h"
#include "tokenizer/tokenizer.h"

namespace hone::commands {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

json artefact(const fs::path& folder, const artifact::Manifest& manifest) {
  const auto problem = artifact::first_problem(folder, manifest, artifact::Depth::contents);
  json files = json::object();
  for (const auto& [name, entry] : manifest.files) files[name] = {{"bytes", entry.size}, {"sha256", entry.sha256}};
  return {{"what", "artefact"},     {"kind", manifest.kind}, {"fingerprint", manifest.fingerprint}, {"facts", manifest.facts},
          {"inputs", manifest.inputs}, {"files", files},     {"verifies", !problem},                {"problem", problem ? json(*problem) : json()}};
}

json model_folder(const fs::path& folder) {
  const formats::ModelConfig config = formats::read_model_config(folder);
  json about = {{"what", "model"},
                {"family", formats::family_name(config.family)},
                {"parameters", formats::parameter_count(config)},
                {"config", formats::model_config_json(config)}};
  uint64_t bytes = 0;
  for (const fs::path& file : formats::safetensors_of_model(folder))
    for (const formats::TensorRecord& tensor : formats::SafetensorsFile(file).tensors()) bytes += tensor.bytes;
  about["weight_bytes"] = bytes;
  if (tokenizer::holds_tokenizer(folder)) about["vocabulary"] = tokenizer::load_tokenizer(folder)->vocabulary_size();
  return about;
}

json adapter_folder(const fs::path& folder) {
  const formats::AdapterConfig config = formats::read_adapter_config(folder);
  json layers = json::array();
  int64_t parameters = 0;
  uint64_t bytes = 0;
  const formats::SafetensorsFile weights(folder / formats::kAdapterWeights);
  for (const formats::TensorRecord& tensor : weights.tensors()) {
    parameters += tensor.elements();
    bytes += tensor.bytes;
    constexpr std::string_view kPrefix = "base_model.model.", kEnding = ".lora_A.weight";
    if (tensor.name.starts_with(kPrefix) && tensor.name.ends_with(kEnding))
      layers.push_back(tensor.name.substr(kPrefix.size(), tensor.name.size() - kPrefix.size() - kEnding.size()));
  }
  json about = {{"what", "adapter"},       {"base", config.base_model},   {"parameters", parameters}, {"weight_bytes", bytes},
                {"adapted_layers", layers}, {"config", formats::adapter_config_json(config)}};
  if (tokenizer::holds_tokenizer(folder)) about["vocabulary"] = tokenizer::load_tokenizer(folder)->vocabulary_size();
  return about;
}

json safetensors(const fs::path& file) {
  json tensors = json::array();
  const formats::SafetensorsFile opened(file);
  for (const formats::TensorRecord& tensor : opened.tensors())
    tensors.push_back({{"name", tensor.name}, {"dtype", formats::safetensors_name(tensor.dtype)}, {"shape", tensor.shape}});
  return {{"what", "safetensors"}, {"tensors", tensors}, {"metadata", opened.metadata()}};
}

json token_shard(const fs::path& file) {
  const dataset::Shard shard(file);  // verifies every byte
  const dataset::ShardHeader& header = shard.header();
  return {{"what", "token shard"},           {"documents", header.documents},       {"tokens", header.tokens},
          {"bytes_a_token", header.token_bytes}, {"vocabulary", header.vocabulary_size}, {"tokenizer_sha256", shard.tokenizer_sha256()},
          {"verifies", true}};
}

json vocabulary(const fs::path& file) {
  const auto tokenizer = tokenizer::load_tokenizer(file);
  json sample = json::array();
  for (int32_t id = 0; id < std::min(tokenizer->vocabulary_size(), 4); ++id) sample.push_back(tokenizer->piece(id));
  for (int32_t id = std::max(0, tokenizer->vocabulary_size() - 8); id < tokenizer->vocabulary_size(); ++id) sample.push_back(tokenizer->piece(id));
  return {{"what", "vocabulary"}, {"pieces", tokenizer->vocabulary_size()}, {"bos", tokenizer->bos_id()}, {"eos", tokenizer->eos_id()},
          {"sha256", tokenizer->sha256()}, {"some_pieces", sample}};
}

json lines(const fs::path& file) {
  base::LineReader reader(file);
  uint64_t count = 0, bytes = 0;
  std::string first;
  while (auto line = reader.next()) {
    if (count++ == 0) first = line->substr(0, 400);
    bytes += line->size() + 1;
  }
  return {{"what", "lines"}, {"lines", count}, {"bytes", bytes}, {"first", first}};
}

json look_at(const fs::path& path) {
  if (fs::is_directory(path)) {
    if (const auto manifest = artifact::read_manifest(path)) return artefact(path, *manifest);
    if (fs::exists(path / artifact::kModelConfig)) return model_folder(path);
    if (formats::is_adapter_folder(path)) return adapter_folder(path);
    if (tokenizer::holds_tokenizer(path)) return vocabulary(path);
    throw Error(ExitCode::data, path.string() + " is neither an artefact (no MANIFEST.json) nor a model (no config.json) nor an adapter (no adapter_config.json)");
  }
  if (!fs::exists(path)) throw Error(ExitCode::data, path.string() + " is not there");
  const std::string extension = path.extension().string();
  if (extension == ".safetensors") return safetensors(path);
  if (extension == ".tokens") return token_shard(path);
  if (extension == ".model" || path.filename() == "tokenizer.json") return vocabulary(path);
  if (extension == ".zst" || extension == ".gz" || extension == ".jsonl") return lines(path);
  if (extension == ".json") return {{"what", "JSON"}, {"content", base::read_json(path)}};
  throw Error(ExitCode::data, path.string() + ": hone inspect looks at folders, *.safetensors, *.tokens, *.model, *.json and *.jsonl[.gz|.zst]");
}

void print(const json& value, const std::string& indent) {
  for (const auto& [key, entry] : value.items()) {
    if (entry.is_object() && !entry.empty()) {
      std::cout << indent << key << ":\n";
      print(entry, indent + "  ");
    } else if (entry.is_array() && entry.size() > 12 && entry[0].is_object()) {
      std::cout << indent << key << ": " << entry.size() << "\n";
      for (const json& item : entry) std::cout << indent << "  " << item.dump() << "\n";
    } else {
      std::cout << indent << key << ": " << (entry.is_string() ? entry.get<std::string>() : entry.dump()) << "\n";
    }
  }
}

}  // namespace

ExitCode inspect(const Arguments& arguments) {
  const json found = look_at(arguments.positional[0]);
  if (arguments.has("json")) std::cout << found.dump(2) << "\n";
  else print(found, "");
  if (found.value("verifies", true)) return ExitCode::done;
  throw Error(ExitCode::data, arguments.positional[0] + " does not verify: " + found["problem"].get<std::string>());
}

}  // namespace hone::commands
