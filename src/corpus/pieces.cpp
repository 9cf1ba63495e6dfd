#include "corpus/pieces.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

using nlohmann::json;

constexpr const char* kSensitive[] = {"pii", "secret"};

[[noreturn]] void fail(const std::string& id, const std::string& what) {
  throw Error(ExitCode::data, "the ledger's spans of " + id + " " + what + "; ledger and documents are damaged, run `hone clean` again");
}

bool is_sensitive_name(const std::string& family) {
  return std::find(std::begin(kSensitive), std::end(kSensitive), family) != std::end(kSensitive);
}

/// Takes `count` code points off the front of `text`; false when there are fewer.
bool take(std::string_view& text, uint64_t count, std::string_view& taken) {
  size_t at = 0;
  for (; count > 0 && at < text.size(); --count) next_code_point(text, at);
  taken = text.substr(0, at);
  text.remove_prefix(at);
  return count == 0;
}

}  // namespace

void add_spans(const json& line, std::vector<LedgerSpan>& spans) {
  if (line.value("action", "") != "edit" || !line.contains("spans")) return;
  try {
    for (const json& from : line.at("spans")) {
      LedgerSpan span;
      from.at("start").get_to(span.start);
      from.at("end").get_to(span.end);
      span.kind = from.value("kind", "");
      span.rule = line.value("rule", "");
      span.family = line.value("family", "");
      span.replacement = from.value("replacement", "");
      if (from.contains("original") && !is_sensitive_name(span.family)) span.original = from.at("original").get<std::string>();
      spans.push_back(std::move(span));
    }
  } catch (const json::exception&) {
    fail(line.value("id", ""), "are malformed");
  }
}

std::vector<Piece> pieces_of(const std::string& text, std::vector<LedgerSpan> spans, const std::string& id) {
  std::stable_sort(spans.begin(), spans.end(), [](const LedgerSpan& a, const LedgerSpan& b) {
    return a.start != b.start ? a.start < b.start : a.end < b.end;
  });
  std::vector<Piece> pieces;
  std::string_view rest = text;
  uint64_t at = 0;  // in the text as read
  for (LedgerSpan& span : spans) {
    if (span.start < at || span.end < span.start) fail(id, "overlap");
    std::string_view same;
    if (!take(rest, span.start - at, same)) fail(id, "reach beyond the text");
    if (!same.empty()) pieces.push_back({.text = std::string(same)});
    if (rest.substr(0, span.replacement.size()) != span.replacement) fail(id, "do not give the text of documents.jsonl");
    rest.remove_prefix(span.replacement.size());
    pieces.push_back({.text = std::move(span.replacement),
                      .changed = true,
                      .removed_characters = span.end - span.start,
                      .removed = std::move(span.original),
                      .sensitive = is_sensitive_name(span.family),
                      .kind = std::move(span.kind),
                      .rule = std::move(span.rule)});
    at = span.end;
  }
  if (!rest.empty()) pieces.push_back({.text = std::string(rest)});
  return pieces;
}

json to_json(const std::vector<Piece>& pieces) {
  json result = json::array();
  for (const Piece& piece : pieces) {
    json entry = {{"text", piece.text}};
    if (piece.changed) {
      entry["rule"] = piece.rule;
      entry["kind"] = piece.kind;
      entry["removed_characters"] = piece.removed_characters;
      if (piece.removed) entry["removed"] = *piece.removed;
      if (piece.sensitive) entry["sensitive"] = true;
    }
    result.push_back(std::move(entry));
  }
  return result;
}

}  // namespace hone::corpus
