#include "report/diff_view.h"

#include <nlohmann/json.hpp>

#include "base/log.h"
#include "report/look.h"
#include "report/rule_words.h"

namespace hone::report {

namespace {

using nlohmann::json;

constexpr Text kPersonal{"[not shown: {0}, {1} characters]", "[표시하지 않음: {0}, {1}자]"};
constexpr Text kLong{"[{0} characters, not kept]", "[{0}자, 보관하지 않음]"};

constexpr bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

/// Every character of `text` kept in place but named when it cannot be seen; line breaks stay.
std::string named(const std::string& text) {
  std::string result, run;
  const auto flush = [&] {
    result += base::visible(run);
    run.clear();
  };
  for (const char c : text) {
    if (c != '\n' && c != '\t') {
      run += c;
      continue;
    }
    flush();
    result += c;
  }
  flush();
  return result;
}

std::string removed_of(const json& piece, bool& kept_back, const Voice& voice) {
  const double count = number(piece, "/removed_characters");
  kept_back = false;
  if (!(count > 0)) return "";
  if (look(piece, "/removed").is_string()) return shown(words(piece, "/removed"));
  kept_back = true;
  return truth(piece, "/sensitive") ? voice(kPersonal, {kind_name(words(piece, "/kind"), voice), voice.count(count)})
                                    : voice(kLong, {voice.count(count)});
}

}  // namespace

std::string shown(const std::string& text) {
  for (const char c : text)
    if (!is_blank(c)) return named(text);
  std::string signs;
  for (const char c : text) signs += c == ' ' ? "␣" : c == '\n' ? "⏎" : c == '\t' ? "⇥" : "␍";
  return signs;
}

std::vector<DiffRow> diff_rows(const json& pieces, const Voice& voice) {
  std::vector<DiffRow> rows(1);
  for (const json& piece : pieces) {
    const std::string text = words(piece, "/text");
    if (!piece.contains("rule")) {
      for (size_t begin = 0;;) {
        const size_t end = text.find('\n', begin);
        const std::string part = text.substr(begin, end == std::string::npos ? end : end - begin);
        if (!part.empty()) rows.back().stretches.push_back({.now = named(part), .text = named(part)});
        if (end == std::string::npos) break;
        rows.emplace_back();
        begin = end + 1;
      }
      continue;
    }
    Stretch stretch{.now = named(text), .text = shown(text), .changed = true, .removed = "", .rule = words(piece, "/rule"), .kind = words(piece, "/kind")};
    stretch.removed = removed_of(piece, stretch.kept_back, voice);
    stretch.sensitive = truth(piece, "/sensitive");
    rows.back().changed = true;
    rows.back().stretches.push_back(std::move(stretch));
  }
  return rows;
}

}  // namespace hone::report
