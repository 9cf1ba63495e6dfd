#include "tasks/harness/answer_filters.h"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <optional>

#include "base/error.h"

namespace hone::tasks {
namespace {

using Json = nlohmann::ordered_json;

bool is_space(UChar32 c) { return u_isUWhiteSpace(c) || (c >= 0x1C && c <= 0x1F); }

std::string utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

/// Python's str.strip().
std::string stripped(const std::string& text) {
  const icu::UnicodeString wide = icu::UnicodeString::fromUTF8(text);
  int32_t begin = 0, end = wide.length();
  while (begin < end && is_space(wide.char32At(begin))) begin = wide.moveIndex32(begin, 1);
  while (end > begin && is_space(wide.char32At(wide.moveIndex32(end, -1)))) end = wide.moveIndex32(end, -1);
  return utf8(wide.tempSubStringBetween(begin, end));
}

std::string lower(const std::string& text) { return utf8(icu::UnicodeString::fromUTF8(text).toLower(icu::Locale::getRoot())); }
std::string upper(const std::string& text) { return utf8(icu::UnicodeString::fromUTF8(text).toUpper(icu::Locale::getRoot())); }

std::string without_punctuation(const std::string& text) {
  const icu::UnicodeString wide = icu::UnicodeString::fromUTF8(text);
  icu::UnicodeString out;
  for (int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1))
    if (!u_ispunct(wide.char32At(i))) out.append(wide.char32At(i));
  return utf8(out);
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x80 && std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_') out += '\\';
    out += c;
  }
  return out;
}

/// findall, the group asked for, and the first of its captures that is not empty. Nothing: no match.
std::optional<std::string> selected(const PythonRegex& regex, const std::string& text, int64_t group, const std::string& where) {
  const auto matches = regex.all(text);
  if (matches.empty()) return std::nullopt;
  const int64_t place = group < 0 ? group + static_cast<int64_t>(matches.size()) : group;
  if (place < 0 || place >= static_cast<int64_t>(matches.size()))
    throw Error(ExitCode::data, where + ": group_select asks for match " + std::to_string(group) + " of " + std::to_string(matches.size()));
  const PythonRegex::Match& match = matches[static_cast<size_t>(place)];
  if (match.groups.empty()) return text.substr(match.begin, match.end - match.begin);
  if (match.groups.size() == 1) return match.groups.front();
  for (const std::string& capture : match.groups)
    if (!capture.empty()) return capture;
  return std::nullopt;
}

}  // namespace

struct AnswerFilter::Step {
  std::string function, where, fallback = "[invalid]";
  std::optional<PythonRegex> regex;
  int64_t group = 0;
  bool ignore_case = false, ignore_punctuation = false;
  std::vector<PythonRegex> ignored;
  Json mapping = Json::object();
  Json otherwise;

  std::string ignoring(std::string text) const {
    for (const PythonRegex& each : ignored) text = each.replaced(text, "");
    if (ignore_case) text = lower(text);
    return ignore_punctuation ? without_punctuation(text) : text;
  }

  /// The answer's letter in brackets: by the expression, else by a choice's words, else by ": A".
  std::string letter(const std::string& answer, const Row& row) const {
    if (const auto found = selected(*regex, answer, group, where); found && !stripped(*found).empty()) return stripped(*found);
    const auto choices = row.find("choices");
    if (choices == row.end() || !choices->is_array()) throw Error(ExitCode::data, where + ": multi_choice_regex needs rows with a list called choices");
    std::vector<std::pair<std::string, std::string>> words;
    std::string letters;
    for (size_t i = 0; i < choices->size(); ++i) {
      const std::string name(1, static_cast<char>('A' + i));
      words.emplace_back(ignoring(stripped((*choices)[i].get<std::string>())), "(" + name + ")");
      letters += (letters.empty() ? "" : "|") + name;
    }
    auto branches = words;
    std::stable_sort(branches.begin(), branches.end(), [](const auto& a, const auto& b) { return escaped(a.first).size() > escaped(b.first).size(); });
    std::string pattern;
    for (const auto& [word, name] : branches) pattern += (pattern.empty() ? "" : "|") + escaped(word);
    if (const auto found = selected(PythonRegex(pattern, where), ignoring(answer), group, where)) {
      const std::string match = stripped(*found);
      for (const auto& [word, name] : words)
        if (word == match) return name;
      if (!match.empty()) return match;
    }
    if (const auto found = selected(PythonRegex(":[\\s]*(" + letters + ")", where), answer, group, where); found && !found->empty())
      return "(" + stripped(*found) + ")";
    return fallback;
  }

  std::string apply(const std::string& answer, const Row& row) const {
    if (function == "remove_whitespace") return stripped(answer);
    if (function == "lowercase") return lower(answer);
    if (function == "uppercase") return upper(answer);
    if (function == "multi_choice_regex") return letter(answer, row);
    if (function == "map") {
      const auto found = mapping.find(answer);
      const Json& value = found == mapping.end() ? otherwise : *found;
      if (value.is_string()) return value.get<std::string>();
      throw Error(ExitCode::data, where + ": map gives " + value.dump() + " for \"" + answer.substr(0, 80) + "\", which is no text; set default_value");
    }
    if (function == "regex") {
      const auto found = selected(*regex, answer, group, where);
      return found ? stripped(*found) : fallback;
    }
    return answer;  // take_first: there is one
  }
};

AnswerFilter::AnswerFilter(const TaskConfig& task, const FilterPipeline& pipeline) : name_(pipeline.name) {
  for (const FilterStep& given : pipeline.steps) {
    auto step = std::make_unique<Step>();
    step->function = given.function;
    step->where = task.file.string() + ": filter " + pipeline.name + ": " + given.function;
    std::string pattern = "#### (\\-?[0-9\\.\\,]+)";
    for (const auto& [key, value] : given.options.items()) {
      if (key == "regex_pattern" && value.is_string()) pattern = value.get<std::string>();
      else if (key == "group_select" && value.is_number_integer()) step->group = value.get<int64_t>();
      else if (key == "fallback" && value.is_string()) step->fallback = value.get<std::string>();
      else if (key == "ignore_case" && value.is_boolean()) step->ignore_case = value.get<bool>();
      else if (key == "ignore_punctuation" && value.is_boolean()) step->ignore_punctuation = value.get<bool>();
      else if (key == "regexes_to_ignore" && value.is_array()) for (const Json& each : value) step->ignored.emplace_back(each.get<std::string>(), step->where);
      else if (key == "mapping_dict" && value.is_object()) step->mapping = value;
      else if (key == "default_value") step->otherwise = value;
      else throw Error(ExitCode::usage, step->where + ": the option " + key + " is not supported");
    }
    if (given.function.ends_with("regex")) step->regex.emplace(pattern, step->where);
    steps_.push_back(std::move(step));
  }
}

AnswerFilter::~AnswerFilter() = default;
AnswerFilter::AnswerFilter(AnswerFilter&&) noexcept = default;

std::string AnswerFilter::apply(std::string answer, const Row& row) const {
  for (const auto& step : steps_) answer = step->apply(answer, row);
  return answer;
}

}  // namespace hone::tasks
