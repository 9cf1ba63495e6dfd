#define PCRE2_CODE_UNIT_WIDTH 8
#include "tasks/harness/python_regex.h"

#include <pcre2.h>

#include <cctype>

#include "base/error.h"

namespace hone::tasks {
namespace {

constexpr uint32_t kMatchLimit = 10'000'000, kDepthLimit = 100'000;

/// What PCRE2 reads otherwise than Python: `{,n}` is {0,n}, `\Z` the very end.
std::string as_pcre(const std::string& pattern) {
  std::string out;
  bool in_class = false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size()) {
      out += c;
      out += pattern[++i] == 'Z' && !in_class ? 'z' : pattern[i];
      continue;
    }
    if (c == '[' && !in_class) in_class = true;
    else if (c == ']') in_class = false;
    out += c;
    if (c == '{' && !in_class && i + 2 < pattern.size() && pattern[i + 1] == ',' && std::isdigit(static_cast<unsigned char>(pattern[i + 2])) != 0)
      out += '0';
  }
  return out;
}

std::string message_of(int code) {
  PCRE2_UCHAR text[256];
  pcre2_get_error_message(code, text, sizeof text);
  return reinterpret_cast<const char*>(text);
}

}  // namespace

struct PythonRegex::Code {
  std::string where;
  std::unique_ptr<pcre2_code, decltype(&pcre2_code_free)> code{nullptr, pcre2_code_free};
  std::unique_ptr<pcre2_match_context, decltype(&pcre2_match_context_free)> limits{nullptr, pcre2_match_context_free};
};

PythonRegex::PythonRegex(const std::string& pattern, std::string where) : code_(std::make_unique<Code>()) {
  code_->where = std::move(where);
  const std::string text = as_pcre(pattern);
  int problem = 0;
  PCRE2_SIZE at = 0;
  const std::unique_ptr<pcre2_compile_context, decltype(&pcre2_compile_context_free)> context(pcre2_compile_context_create(nullptr),
                                                                                              pcre2_compile_context_free);
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
  code_->code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), PCRE2_UTF | PCRE2_UCP, &problem, &at, context.get()));
  if (!code_->code)
    throw Error(ExitCode::usage, code_->where + ": the expression " + pattern + " is not valid at " + std::to_string(at) + ": " + message_of(problem));
  code_->limits.reset(pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(code_->limits.get(), kMatchLimit);
  pcre2_set_depth_limit(code_->limits.get(), kDepthLimit);
}

PythonRegex::~PythonRegex() = default;
PythonRegex::PythonRegex(PythonRegex&&) noexcept = default;
PythonRegex& PythonRegex::operator=(PythonRegex&&) noexcept = default;

std::vector<PythonRegex::Match> PythonRegex::all(std::string_view text) const {
  std::vector<Match> matches;
  const std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> data(pcre2_match_data_create_from_pattern(code_->code.get(), nullptr),
                                                                                 pcre2_match_data_free);
  size_t at = 0;
  uint32_t options = 0;  // behind an empty match Python looks for one that is not empty at the same place
  while (at <= text.size()) {
    const int found = pcre2_match(code_->code.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), at, options, data.get(), code_->limits.get());
    if (found == PCRE2_ERROR_NOMATCH) {
      if (options == 0 || at >= text.size()) break;
      do ++at;
      while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
      options = 0;
      continue;
    }
    if (found < 0) throw Error(ExitCode::data, code_->where + ": the expression could not be applied: " + message_of(found));
    const PCRE2_SIZE* places = pcre2_get_ovector_pointer(data.get());
    Match match{places[0], places[1], {}};
    for (uint32_t group = 1; group < pcre2_get_ovector_count(data.get()); ++group) {
      const bool took_part = group < static_cast<uint32_t>(found) && places[2 * group] != PCRE2_UNSET;
      match.groups.emplace_back(took_part ? text.substr(places[2 * group], places[2 * group + 1] - places[2 * group]) : std::string_view());
    }
    at = match.end;
    options = match.begin == match.end ? PCRE2_NOTEMPTY_ATSTART | PCRE2_ANCHORED : 0;
    matches.push_back(std::move(match));
  }
  return matches;
}

std::string PythonRegex::replaced(std::string_view text, std::string_view replacement) const {
  std::string out;
  size_t behind = 0;
  for (const Match& match : all(text)) {
    out += text.substr(behind, match.begin - behind);
    out += replacement;
    behind = match.end;
  }
  return out += text.substr(behind);
}

}  // namespace hone::tasks
