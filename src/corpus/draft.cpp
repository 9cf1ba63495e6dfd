#include "corpus/draft.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <set>

#include "base/error.h"
#include "corpus/packed_bytes.h"

namespace hone::corpus {
namespace {

/// The one copy of a word that ledgers use, for as long as the process lives. Words come from rules, so there are few.
std::string_view interned(std::string_view word) {
  thread_local std::string_view last;
  if (word == last) return last;
  static std::mutex mutex;
  static std::set<std::string, std::less<>> words;
  const std::lock_guard lock(mutex);
  auto found = words.find(word);
  if (found == words.end()) found = words.emplace(word).first;
  last = *found;
  return last;
}

/// The few kinds of a document's spans first, then the spans with numbers in their place.
void pack_spans(Packer& out, const TextMap& map) {
  std::vector<std::string_view> kinds;
  std::vector<size_t> kind_of;
  kind_of.reserve(map.spans().size());
  for (const TextMap::Span& span : map.spans()) {
    const auto found = std::find(kinds.begin(), kinds.end(), span.kind);
    kind_of.push_back(static_cast<size_t>(found - kinds.begin()));
    if (found == kinds.end()) kinds.push_back(span.kind);
  }
  out.number(kinds.size());
  for (const std::string_view kind : kinds) out.text(kind);
  out.number(map.spans().size());
  size_t end = 0;
  for (size_t i = 0; i < map.spans().size(); ++i) {
    const TextMap::Span& span = map.spans()[i];
    out.number(span.original_begin - end);
    out.number(span.original_end - span.original_begin);
    end = span.original_end;
    out.text(map.replacement_of(span));
    out.number(span.rule);
    out.number(static_cast<uint64_t>(span.family));
    out.number(kind_of[i]);
    out.number(span.also.size());
    for (const uint16_t rule : span.also) out.number(rule);
  }
}

TextMap unpack_map(Unpacker& in, std::string original) {
  std::vector<std::string_view> kinds(in.number());
  for (std::string_view& kind : kinds) kind = interned(in.text());
  std::vector<TextMap::Span> spans(in.number());
  std::vector<std::string> replacements;
  replacements.reserve(spans.size());
  size_t end = 0;
  for (TextMap::Span& span : spans) {
    span.original_begin = end + in.number();
    end = span.original_end = span.original_begin + in.number();
    replacements.emplace_back(in.text());
    span.rule = static_cast<uint16_t>(in.number());
    span.family = static_cast<Family>(in.number());
    span.kind = kinds.at(in.number());
    span.also.resize(in.number());
    for (uint16_t& rule : span.also) rule = static_cast<uint16_t>(in.number());
  }
  return TextMap(std::move(original), std::move(spans), replacements);
}

void pack_line(Packer& out, const RuleLine& line) {
  out.number(line.rule);
  out.number(static_cast<uint64_t>(line.verdict));
  out.text(line.reason);
  out.text(line.duplicate_of);
  out.number(line.findings.size());
  for (const Finding& finding : line.findings) {
    out.text(finding.name);
    out.real(finding.value);
  }
  out.number(line.flags.size());
  for (const Flag& flag : line.flags) {
    out.number(flag.original_begin);
    out.number(flag.original_end);
    out.text(flag.kind);
  }
}

RuleLine unpack_line(Unpacker& in) {
  RuleLine line;
  line.rule = static_cast<uint16_t>(in.number());
  line.verdict = static_cast<Verdict>(in.number());
  line.reason = in.text();
  line.duplicate_of = in.text();
  line.findings.resize(in.number());
  for (Finding& finding : line.findings) {
    finding.name = interned(in.text());
    finding.value = in.real();
  }
  line.flags.resize(in.number());
  for (Flag& flag : line.flags) {
    flag.original_begin = in.number();
    flag.original_end = in.number();
    flag.kind = interned(in.text());
  }
  return line;
}

}  // namespace

Draft Draft::begin(DocumentIndex index, document::Document document) {
  Draft draft;
  draft.index = index;
  draft.document = std::move(document);
  draft.map = TextMap(std::move(draft.document.text));
  draft.document.text.clear();
  draft.language = detect_language(draft.map.text());
  return draft;
}

void Draft::take(uint16_t rule, Family family, Outcome outcome) {
  std::vector<Flag> flags;
  flags.reserve(outcome.flags.size());
  for (const Edit& flag : outcome.flags) {
    const auto [begin, end] = map.original_range(flag.begin, flag.end);
    flags.push_back({begin, end, flag.kind});
  }
  const auto later = std::find_if(lines.begin(), lines.end(), [rule](const RuleLine& line) { return line.rule > rule; });
  const auto at = lines.insert(
      later, RuleLine{rule, outcome.verdict, std::move(outcome.reason), std::move(outcome.duplicate_of), std::move(outcome.findings), std::move(flags)});
  if (outcome.verdict == Verdict::drop) lines.erase(at + 1, lines.end());
  if (outcome.verdict == Verdict::edit) map.apply(std::move(outcome.edits), rule, family);
}

std::string Draft::pack_outcome() const {
  Packer out;
  out.number(lines.size());
  for (const RuleLine& line : lines) pack_line(out, line);
  pack_spans(out, map);
  return out.take();
}

void Draft::take_up(std::string_view outcome) {
  Unpacker in(outcome);
  lines.resize(in.number());
  for (RuleLine& line : lines) line = unpack_line(in);
  map = unpack_map(in, std::move(map).take_original());
}

// Both name every field there is: one that is added does not compile until it is packed.
std::string pack(const document::Document& document) {
  const auto& [id, source, path, title, licence, access, text, encoding, metadata, source_sha256, bytes, row, measured_only, record, parts, recalled] = document;
  Packer out;
  for (const std::string* field : {&id, &source, &path, &title, &licence, &access, &encoding, &metadata, &source_sha256}) out.text(*field);
  out.number(bytes);
  out.number(row);
  out.number(measured_only ? 1 : 0);
  out.text(record);
  out.number(parts.size());
  for (const document::Part& part : parts) {
    out.text(part.role);
    out.number(part.begin);
    out.number(part.end);
    out.number(part.trained ? 1 : 0);
  }
  static_cast<void>(recalled);  // only says where the text is
  out.raw(text);
  return out.take();
}

document::Document unpack_document(std::string_view packed) {
  document::Document document;
  auto& [id, source, path, title, licence, access, text, encoding, metadata, source_sha256, bytes, row, measured_only, record, parts, recalled] = document;
  Unpacker in(packed);
  for (std::string* field : {&id, &source, &path, &title, &licence, &access, &encoding, &metadata, &source_sha256}) *field = in.text();
  bytes = in.number();
  row = in.number();
  measured_only = in.number() != 0;
  record = in.text();
  parts.resize(in.number());
  for (document::Part& part : parts) {
    part.role = in.text();
    part.begin = in.number();
    part.end = in.number();
    part.trained = in.number() != 0;
  }
  recalled = 0;
  text = in.rest();
  return document;
}

}  // namespace hone::corpus
