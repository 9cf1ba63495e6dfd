#include "tokenizer/side_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include "base/error.h"
#include "base/json_file.h"

namespace hone::tokenizer {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
constexpr uint64_t kMaxBytes = UINT64_C(64) << 20;
constexpr int32_t kMaxId = 16'000'000;

/// One of the files: an object, or nothing where it is absent.
class SideFile {
 public:
  SideFile(const fs::path& folder, const char* name) : where_((folder / name).string()), content_(json::object()) {
    std::error_code ignored;
    if (!fs::is_regular_file(folder / name, ignored)) return;
    content_ = base::read_json(folder / name, kMaxBytes);
    if (!content_.is_object()) throw Error(ExitCode::data, fmt::format("{}: expected an object; copy the file again", where_));
  }

  [[noreturn]] void fail(const std::string& what) const { throw Error(ExitCode::data, where_ + ": " + what); }
  const json& content() const { return content_; }

  const json* find(const char* key) const {
    const auto found = content_.find(key);
    return found == content_.end() ? nullptr : &*found;
  }
  std::optional<bool> flag(const char* key) const {
    const json* value = find(key);
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (!value->is_boolean()) fail(fmt::format("{} must be true or false", key));
    return value->get<bool>();
  }
  std::string text_of(const json& value, const std::string& key) const {
    if (value.is_null()) return "";
    if (value.is_string()) return value.get<std::string>();
    if (value.is_object() && value.contains("content") && value["content"].is_string()) return value["content"].get<std::string>();
    fail(fmt::format("{} must be a token: a string, or an object with content", key));
  }
  void name(const char* key, std::optional<std::string>& into) const {
    const json* value = find(key);
    if (value != nullptr && !into) into = text_of(*value, key);
  }
  void names(const char* key, std::vector<std::string>& into) const {
    const json* value = find(key);
    if (value == nullptr || !value->is_structured()) return;
    for (const auto& [entry, token] : value->items())
      if (std::string text = text_of(token, fmt::format("{}.{}", key, entry)); !text.empty()) into.push_back(std::move(text));
  }
  int32_t id(const json& value, const std::string& token) const {
    if (!value.is_number_integer() || value < 0 || value > kMaxId) fail(fmt::format("the id of {} is no number from 0 to 16 million", token));
    return value.get<int32_t>();
  }

 private:
  std::string where_;
  json content_;
};

std::vector<AddedToken> decoder_tokens(const SideFile& file) {
  std::vector<AddedToken> tokens;
  const json* all = file.find("added_tokens_decoder");
  if (all == nullptr || all->is_null()) return tokens;
  if (!all->is_object()) file.fail("added_tokens_decoder must be an object of ids");
  for (const auto& [key, value] : all->items()) {
    const std::string path = "added_tokens_decoder." + key;
    AddedToken token;
    const auto end = key.data() + key.size();
    const auto read = std::from_chars(key.data(), end, token.id);
    if (read.ec != std::errc() || read.ptr != end || token.id < 0 || token.id > kMaxId) file.fail(path + " is no id from 0 to 16 million");
    token.content = file.text_of(value, path);
    const auto flag = [&file, &path, &value = value](const char* name) {
      const auto found = value.is_object() ? value.find(name) : value.end();
      if (found == value.end() || found->is_null()) return false;
      if (!found->is_boolean()) file.fail(fmt::format("{}.{} must be true or false", path, name));
      return found->get<bool>();
    };
    token.special = flag("special");
    token.normalized = flag("normalized");
    token.lstrip = flag("lstrip");
    token.rstrip = flag("rstrip");
    token.single_word = flag("single_word");
    tokens.push_back(std::move(token));
  }
  return tokens;
}

}  // namespace

std::vector<std::string> special_contents(const SideFiles& side) {
  std::vector<std::string> contents;
  for (const auto* name : {&side.names.bos, &side.names.eos, &side.names.pad, &side.names.unk})
    if (*name && !(*name)->empty()) contents.push_back(**name);
  contents.insert(contents.end(), side.special.begin(), side.special.end());
  return contents;
}

SideFiles read_side_files(const fs::path& folder) {
  const SideFile config(folder, "tokenizer_config.json"), map(folder, "special_tokens_map.json"), older(folder, "added_tokens.json");
  SideFiles side;
  for (const SideFile* file : {&config, &map}) {
    file->name("bos_token", side.names.bos);
    file->name("eos_token", side.names.eos);
    file->name("pad_token", side.names.pad);
    file->name("unk_token", side.names.unk);
    for (const char* key : {"additional_special_tokens", "extra_special_tokens"}) file->names(key, side.special);
  }
  side.add_bos_token = config.flag("add_bos_token");
  side.legacy = config.flag("legacy");
  side.add_prefix_space = config.flag("add_prefix_space");
  if (const json* mark = config.find("hone_translation"); mark != nullptr && mark->is_object()) {
    const auto text = [&](const char* key) { return mark->contains(key) && (*mark)[key].is_string() ? (*mark)[key].get<std::string>() : ""; };
    side.translated_model = text("tokenizer.model");
    side.translated_json = text("tokenizer.json");
  }
  side.added = decoder_tokens(config);
  const std::vector<std::string> contents = special_contents(side);
  std::set<std::string> special(contents.begin(), contents.end()), there;
  std::erase_if(side.added, [&](const AddedToken& token) { return !there.insert(token.content).second; });
  for (const auto& [content, number] : older.content().items())
    if (there.insert(content).second) side.added.push_back({.id = older.id(number, content), .content = content, .special = special.contains(content)});
  std::erase_if(side.added, [](const AddedToken& token) { return token.content.empty(); });
  std::stable_sort(side.added.begin(), side.added.end(), [](const AddedToken& a, const AddedToken& b) { return a.id < b.id; });
  return side;
}

}  // namespace hone::tokenizer
