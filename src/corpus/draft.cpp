#include "corpus/draft.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <set>

#include "base/error.h"

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

class Packer {
 public:
  void number(uint64_t value) {
    while (value >= 0x80) {
      bytes_ += static_cast<char>(value | 0x80);
      value >>= 7;
    }
    bytes_ += static_cast<char>(value);
  }
  void real(double value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void text(std::string_view value) {
    number(value.size());
    bytes_ += value;
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}
  uint64_t number() {
    uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<uint8_t>(taken(1)[0]);
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
  }
  double real() {
    double value = 0;
    std::memcpy(&value, taken(sizeof value).data(), sizeof value);
    return value;
  }
  std::string_view text() {
    const uint64_t size = number();
    return taken(size);
  }

 private:
  std::string_view taken(size_t size) {
    HONE_ASSERT(size <= bytes_.size());
    const std::string_view result = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return result;
  }
  std::string_view bytes_;
};

void pack_spans(Packer& out, const TextMap& map) {
  out.number(map.spans().size());
  for (const TextMap::Span& span : map.spans()) {
    out.number(span.original_begin);
    out.number(span.original_end);
    out.text(map.replacement_of(span));
    out.number(span.rule);
    out.number(static_cast<uint64_t>(span.family));
    out.text(span.kind);
    out.number(span.also.size());
    for (const uint16_t rule : span.also) out.number(rule);
  }
}

TextMap unpack_map(Unpacker& in) {
  std::string original{in.text()};
  std::vector<TextMap::Span> spans(in.number());
  std::vector<std::string> replacements;
  replacements.reserve(spans.size());
  for (TextMap::Span& span : spans) {
    span.original_begin = in.number();
    span.original_end = in.number();
    replacements.emplace_back(in.text());
    span.rule = static_cast<uint16_t>(in.number());
    span.family = static_cast<Family>(in.number());
    span.kind = interned(in.text());
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
  const auto later = std::find_if(lines.begin(), lines.end(), [rule](const RuleLine& line) { return line.rule > rule; });
  const auto at = lines.insert(
      later, RuleLine{rule, outcome.verdict, std::move(outcome.reason), std::move(outcome.duplicate_of), std::move(outcome.findings)});
  if (outcome.verdict == Verdict::drop) lines.erase(at + 1, lines.end());
  if (outcome.verdict == Verdict::edit) map.apply(std::move(outcome.edits), rule, family);
}

std::string Draft::pack() const {
  Packer out;
  out.number(index);
  for (const std::string* text : {&document.id, &document.source, &document.path, &document.title, &document.licence, &document.access,
                                  &document.encoding, &document.metadata}) {
    out.text(*text);
  }
  out.number(document.bytes);
  out.number(document.row);
  out.text(language.code);
  out.real(language.share);
  out.number(language.reliable ? 1 : 0);
  out.text(map.original());
  pack_spans(out, map);
  out.number(lines.size());
  for (const RuleLine& line : lines) pack_line(out, line);
  return out.take();
}

Draft Draft::unpack(std::string_view record) {
  Unpacker in(record);
  Draft draft;
  draft.index = in.number();
  for (std::string* text : {&draft.document.id, &draft.document.source, &draft.document.path, &draft.document.title,
                            &draft.document.licence, &draft.document.access, &draft.document.encoding, &draft.document.metadata}) {
    *text = in.text();
  }
  draft.document.bytes = in.number();
  draft.document.row = in.number();
  draft.language.code = in.text();
  draft.language.share = in.real();
  draft.language.reliable = in.number() != 0;
  draft.map = unpack_map(in);
  const uint64_t lines = in.number();
  for (uint64_t i = 0; i < lines; ++i) draft.lines.push_back(unpack_line(in));
  return draft;
}

}  // namespace hone::corpus
