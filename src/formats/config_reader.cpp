#include "formats/config_reader.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/nearest.h"

namespace hone::formats {

using nlohmann::json;

ConfigReader::ConfigReader(const json& object, std::string where)
    : object_(object), where_(std::move(where)) {
  if (!object_.is_object()) throw Error(ExitCode::data, where_ + ": is not a JSON object");
}

void ConfigReader::refuse(const std::string& key, const std::string& what) const {
  throw Error(ExitCode::data, where_ + ": key \"" + key.substr(0, 200) + "\" " + what);
}

const json* ConfigReader::find(const std::string& key) {
  asked_.insert(key);
  const auto found = object_.find(key);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

bool ConfigReader::has(const std::string& key) const { return object_.contains(key); }

std::optional<int64_t> ConfigReader::integer(const std::string& key, int64_t least, int64_t most) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  const bool fits =
      value->is_number_integer() && !(value->is_number_unsigned() &&
                                      value->get<uint64_t>() > uint64_t{std::numeric_limits<int64_t>::max()});
  if (!fits || value->get<int64_t>() < least || value->get<int64_t>() > most)
    refuse(key, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return value->get<int64_t>();
}

int64_t ConfigReader::required_integer(const std::string& key, int64_t least, int64_t most) {
  const auto value = integer(key, least, most);
  if (!value) refuse(key, "is missing");
  return *value;
}

std::optional<double> ConfigReader::number(const std::string& key) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number() || !std::isfinite(value->get<double>())) refuse(key, "must be a number");
  return value->get<double>();
}

std::optional<bool> ConfigReader::boolean(const std::string& key) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_boolean()) refuse(key, "must be true or false");
  return value->get<bool>();
}

std::optional<std::string> ConfigReader::text(const std::string& key) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) refuse(key, "must be a string");
  return value->get<std::string>();
}

std::vector<int32_t> ConfigReader::token_ids(const std::string& key) {
  const json* value = find(key);
  std::vector<int32_t> ids;
  if (value == nullptr) return ids;
  const json listed = value->is_array() ? *value : json::array({*value});
  if (listed.size() > 1024) refuse(key, "lists more than 1024 token ids");
  for (const json& id : listed) {
    if (!id.is_number_integer() ||
        (id.is_number_unsigned() && id.get<uint64_t>() > std::numeric_limits<int32_t>::max()) ||
        id.get<int64_t>() < std::numeric_limits<int32_t>::min())
      refuse(key, "must be a token id or a list of token ids");
    if (id.get<int64_t>() >= 0) ids.push_back(static_cast<int32_t>(id.get<int64_t>()));
  }
  return ids;
}

const json* ConfigReader::object(const std::string& key) {
  const json* value = find(key);
  if (value != nullptr && !value->is_object()) refuse(key, "must be an object");
  return value;
}

const json* ConfigReader::list(const std::string& key) {
  const json* value = find(key);
  if (value != nullptr && !value->is_array()) refuse(key, "must be a list");
  return value;
}

void ConfigReader::refuse_unknown() const {
  for (const auto& [key, value] : object_.items()) {
    if (asked_.contains(key) || key.starts_with('_') || key.starts_with("transformers.")) continue;
    const auto near = base::nearest(key, {asked_.begin(), asked_.end()});
    refuse(key, "is not known" + (near ? " (did you mean \"" + *near + "\"?)" : std::string{}) +
                    "; it may change what the model computes, so the model is not read. Remove the key if it "
                    "changes nothing");
  }
}

}  // namespace hone::formats
