#include "document/front_matter.h"

#include <yaml-cpp/yaml.h>

#include <nlohmann/json.hpp>
#include <optional>

namespace hone::document {
namespace {

constexpr size_t kMaxFrontMatter = 64 << 10;
constexpr size_t kMaxNesting = 64;  // yaml-cpp recurses
constexpr size_t kMaxValue = 1000;

struct Block {
  std::string_view body;
  size_t bytes;  ///< With both delimiters and their line ends.
};

std::optional<Block> delimited(std::string_view text, std::string_view mark, std::string_view other_end) {
  if (!text.starts_with(mark) || text.size() <= mark.size() || text[mark.size()] != '\n') return std::nullopt;
  const size_t begin = mark.size() + 1;
  for (size_t line = begin; line < text.size() && line < kMaxFrontMatter;) {
    size_t end = text.find('\n', line);
    if (end == std::string_view::npos) end = text.size();
    std::string_view content = text.substr(line, end - line);
    while (!content.empty() && (content.back() == ' ' || content.back() == '\t')) content.remove_suffix(1);
    if (content == mark || content == other_end)
      return Block{text.substr(begin, line - begin), std::min(end + 1, text.size())};
    line = end + 1;
  }
  return std::nullopt;
}

bool nests_too_deep(std::string_view body) {
  size_t depth = 0;
  for (const char c : body) {
    if (c == '[' || c == '{') ++depth;
    if ((c == ']' || c == '}') && depth > 0) --depth;
    if (depth > kMaxNesting) return true;
  }
  return false;
}

void keep(nlohmann::ordered_json& facts, const std::string& key, const std::string& value) {
  if (!key.empty() && !value.empty() && value.size() <= kMaxValue) facts[key] = value;
}

/// False when the block is no mapping.
bool read_yaml(std::string_view body, nlohmann::ordered_json& facts) {
  if (nests_too_deep(body)) return false;
  try {
    const YAML::Node root = YAML::Load(std::string(body));
    if (root.IsNull()) return true;
    if (!root.IsMap()) return false;
    for (const auto& entry : root)
      if (entry.first.IsScalar() && entry.second.IsScalar())
        keep(facts, entry.first.Scalar(), entry.second.Scalar());
    return true;
  } catch (const YAML::Exception&) {
    return false;
  }
}

std::string trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\"'");
  const size_t end = text.find_last_not_of(" \t\"'");
  return begin == std::string_view::npos ? "" : std::string(text.substr(begin, end - begin + 1));
}

/// `key = "value"` lines before the first table: all that front matter has of interest here.
void read_toml(std::string_view body, nlohmann::ordered_json& facts) {
  while (!body.empty() && body.front() != '[') {
    const size_t end = std::min(body.find('\n'), body.size());
    const std::string_view line = body.substr(0, end);
    const size_t equals = line.find('=');
    if (equals != std::string_view::npos && line.find_first_of("[{", equals) == std::string_view::npos)
      keep(facts, trimmed(line.substr(0, equals)), trimmed(line.substr(equals + 1)));
    body.remove_prefix(std::min(end + 1, body.size()));
  }
}

std::optional<size_t> read_json(std::string_view text, nlohmann::ordered_json& facts) {
  if (!text.starts_with("{\n")) return std::nullopt;
  const size_t end = text.find("\n}\n");
  if (end == std::string_view::npos || end > kMaxFrontMatter || nests_too_deep(text.substr(0, end)))
    return std::nullopt;
  const auto root = nlohmann::json::parse(text.substr(0, end + 2), nullptr, false);
  if (!root.is_object()) return std::nullopt;
  for (const auto& [key, value] : root.items())
    if (value.is_string()) keep(facts, key, value.get<std::string>());
  return end + 3;
}

}  // namespace

FrontMatter read_front_matter(std::string_view text) {
  nlohmann::ordered_json facts = nlohmann::ordered_json::object();
  FrontMatter result;
  if (const auto yaml = delimited(text, "---", "...")) {
    if (!read_yaml(yaml->body, facts)) return {};
    result.bytes = yaml->bytes;
  } else if (const auto toml = delimited(text, "+++", "+++")) {
    read_toml(toml->body, facts);
    result.bytes = toml->bytes;
  } else if (const auto json = read_json(text, facts)) {
    result.bytes = *json;
  }
  if (facts.empty()) return result;
  if (facts.contains("title")) result.title = facts["title"].get<std::string>();
  result.metadata = facts.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  return result;
}

}  // namespace hone::document
