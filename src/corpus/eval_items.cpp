#include "corpus/eval_items.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/json_file.h"
#include "base/lines.h"

namespace hone::corpus {
namespace {

using nlohmann::json;

enum class Part : uint8_t { none, stem, side };

Part part_of(std::string_view key, Part inherited) {
  static constexpr std::array<std::string_view, 20> kStems = {"question", "query",  "prompt",    "problem", "instruction", "stem",    "goal",
                                                              "ctx",      "text",   "sentence",  "premise", "passage",     "content", "input",
                                                              "statement", "activity_label", "document", "article", "story", "body"};
  static constexpr std::array<std::string_view, 24> kNone = {"id",     "_id",      "doc_id", "idx",      "ind",     "lang",   "language", "subject", "source",
                                                             "category", "type",   "split",  "task",     "url",     "license", "licence", "difficulty", "answerKey",
                                                             "answer_key", "label", "labels", "metadata", "source_id", "prompt_hash"};
  if (std::find(kNone.begin(), kNone.end(), key) != kNone.end()) return Part::none;
  if (std::find(kStems.begin(), kStems.end(), key) != kStems.end()) return inherited == Part::side ? Part::side : Part::stem;
  static constexpr std::array<std::string_view, 4> kWrappers = {"doc", "data", "item", "example"};
  if (std::find(kWrappers.begin(), kWrappers.end(), key) != kWrappers.end()) return inherited;
  return Part::side;
}

/// base::parse_json limits the depth.
void collect(const json& value, Part part, EvalItem& item, std::vector<std::string>& stems) {
  if (value.is_string()) {
    auto text = value.get<std::string>();
    if (text.empty() || part == Part::none) return;
    (part == Part::stem ? stems : item.sides).push_back(std::move(text));
  } else if (value.is_array()) {
    for (const json& element : value) collect(element, part, item, stems);
  } else if (value.is_object()) {
    for (const auto& [key, element] : value.items()) {
      const Part below = part == Part::none ? Part::none : part_of(key, part);
      collect(element, below, item, stems);
    }
  }
}

std::optional<EvalItem> item_of(const json& object, std::string place) {
  EvalItem item;
  std::vector<std::string> stems;
  if (object.is_string()) {
    stems.push_back(object.get<std::string>());
  } else {
    // Part::stem on top: "side" would make every stem a side.
    collect(object, Part::stem, item, stems);
  }
  const auto longest = [](const std::string& a, const std::string& b) { return a.size() < b.size(); };
  if (stems.empty() && item.sides.empty()) return std::nullopt;
  std::vector<std::string>& from = stems.empty() ? item.sides : stems;
  const auto stem = std::max_element(from.begin(), from.end(), longest);
  item.stem = std::move(*stem);
  from.erase(stem);
  if (&from == &stems) std::move(stems.begin(), stems.end(), std::back_inserter(item.sides));
  item.id = std::move(place);
  if (object.is_object()) {
    for (const char* key : {"id", "_id", "doc_id"}) {
      const auto found = object.find(key);
      if (found == object.end()) continue;
      if (found->is_string()) item.id = found->get<std::string>();
      break;
    }
  }
  return item;
}

std::string_view trimmed(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

}  // namespace

void read_eval_items(const std::filesystem::path& file, std::vector<EvalItem>& items) {
  const auto add = [&items](const json& value, std::string place) {
    if (auto item = item_of(value, std::move(place))) items.push_back(std::move(*item));
  };
  base::LineReader lines(file);
  while (auto line = lines.next()) {
    const std::string place = fmt::format("{}:{}", file.filename().string(), lines.line_number());
    const std::string_view text = trimmed(*line);
    if (text.empty()) continue;
    if (lines.line_number() == 1 && text.front() == '[' && file.extension() == ".json") {
      size_t number = 0;
      for (const json& element : base::read_json(file)) add(element, fmt::format("{}:{}", file.filename().string(), ++number));
      return;
    }
    if (text.front() == '{') {
      add(base::parse_json(text, place), place);
    } else {
      add(json(std::string{text}), place);
    }
  }
}

}  // namespace hone::corpus
