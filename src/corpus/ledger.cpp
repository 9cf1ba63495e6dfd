#include "corpus/ledger.h"

#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "corpus/json_line.h"
#include "corpus/sensitive.h"
#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

constexpr size_t kDigits = 16;
constexpr size_t kShownCharacters = 120;

std::string short_sha(std::string_view text) { return base::sha256(text).substr(0, kDigits); }

/// As much of a text as an excerpt can show, to its last whole character.
std::string_view opening(std::string_view text) {
  size_t end = std::min(text.size(), 16 * kShownCharacters);
  while (end > 0 && end < text.size() && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

struct Places {
  uint64_t start = 0, end = 0;
};

/// Code point offsets of all spans, in one walk over the text.
std::vector<Places> places_of(const TextMap& map) {
  std::vector<Places> places;
  places.reserve(map.spans().size());
  const std::string_view original = map.original();
  size_t bytes = 0;
  uint64_t points = 0;
  for (const TextMap::Span& span : map.spans()) {
    points += count_code_points(original.substr(bytes, span.original_begin - bytes));
    const uint64_t start = points;
    points += count_code_points(original.substr(span.original_begin, span.original_end - span.original_begin));
    bytes = span.original_end;
    places.push_back({start, points});
  }
  return places;
}

class DocumentLedger {
 public:
  DocumentLedger(std::string& out, const Draft& draft, const std::vector<RuleName>& rules, std::string_view key)
      : out_(out), draft_(draft), rules_(rules), key_(key), places_(places_of(draft.map)) {}

  void read() {
    const document::Document& document = draft_.document;
    const std::string& text = draft_.map.original();
    JsonLine line = begin("keep", "read", Family::normalise);
    line.text_unless_empty("source", document.source).text_unless_empty("path", document.path);
    if (document.row > 0) line.number("row", document.row);
    line.text_unless_empty("sha256_source", document.source_sha256);
    line.text_unless_empty("title", without_sensitive(document.title));
    about(line, document.metadata);
    line.text_unless_empty("licence", document.licence).text_unless_empty("access", document.access);
    line.text_unless_empty("record", document.record).text_unless_empty("encoding", document.encoding).text("language", draft_.language.code);
    line.real("language_share", draft_.language.share).number("bytes", document.bytes).number("characters", count_code_points(text));
    digest(line, text);
    end(line);
  }

  /// What the document says about itself. A sender's address does not get into the ledger this way.
  static void about(JsonLine& line, const std::string& metadata) {
    if (metadata.empty()) return;
    const auto facts = nlohmann::json::parse(metadata, nullptr, false);
    if (!facts.is_object()) return;
    for (const char* key : {"date", "author"}) {
      const auto found = facts.find(key);
      if (found != facts.end() && found->is_string()) line.text_unless_empty(key, without_sensitive(found->get_ref<const std::string&>()));
    }
    const auto pages = facts.find("page_count");
    if (pages != facts.end() && pages->is_number_unsigned()) line.number("page_count", pages->get<uint64_t>());
  }

  void rule(const RuleLine& said) {
    const RuleName& rule = rules_[said.rule];
    const std::string_view action = said.verdict == Verdict::drop ? "drop" : said.verdict == Verdict::edit ? "edit" : "keep";
    JsonLine line = begin(action, rule.name, rule.family);
    line.text_unless_empty("reason", said.reason);
    if (said.verdict == Verdict::drop) {
      line.text_unless_empty("duplicate_of", said.duplicate_of);
      if (!is_sensitive(rule.family)) line.text("excerpt", excerpt(without_sensitive(opening(draft_.map.text())), kShownCharacters));
    }
    if (!said.findings.empty()) findings(line, said.findings);
    if (said.verdict == Verdict::edit) spans(line, said.rule, rule.family);
    if (said.verdict != Verdict::edit && !said.flags.empty()) flags(line, said.flags, rule.family);
    end(line);
    if (said.verdict != Verdict::edit) return;
    other_families(said.rule);
    if (said.flags.empty()) return;
    JsonLine flagged = begin("keep", rule.name, rule.family);
    flagged.text("reason", "flagged");
    flags(flagged, said.flags, rule.family);
    end(flagged);
  }

  void split(const Placement& placement) {
    const std::string& text = draft_.map.text();
    JsonLine line = begin("keep", "split", Family::dedup);
    line.text("split", placement.split).text_unless_empty("cluster", placement.cluster);
    line.number("characters", count_code_points(text));
    digest(line, text);
    end(line);
  }

 private:
  JsonLine begin(std::string_view action, std::string_view rule, Family family) {
    JsonLine line(out_);
    line.text("id", draft_.document.id).text("action", action).text("rule", rule).text("family", name_of(family));
    return line;
  }
  void end(JsonLine& line) {
    line.end();
    out_ += '\n';
  }

  /// Of a whole text. One that is hardly more than a number or an address would be guessed from its plain digest.
  void digest(JsonLine& line, const std::string& text) {
    if (text_digest_.empty() || !draft_.map.spans().empty()) {
      keyed_ = !key_.empty() && text.size() <= kShownCharacters && has_sensitive(text);
      text_digest_ = keyed_ ? base::hmac_sha256(key_, text).substr(0, kDigits) : short_sha(text);
    }
    line.text(keyed_ ? "hmac" : "sha", text_digest_);
  }

  void findings(JsonLine& line, const std::vector<Finding>& found) {
    line.raw("findings");
    JsonLine object(out_);
    for (const Finding& finding : found) object.real(finding.name, finding.value);
    object.end();
  }

  /// Spans of one rule that belong to one family. Nothing is left of them when later rules changed the same text.
  void spans(JsonLine& line, uint16_t rule, Family family) {
    line.raw("spans");
    out_ += '[';
    bool first = true;
    for (size_t i = 0; i < places_.size(); ++i) {
      const TextMap::Span& span = draft_.map.spans()[i];
      if (span.rule != rule || span.family != family) continue;
      if (!first) out_ += ',';
      first = false;
      write_span(span, places_[i]);
    }
    out_ += ']';
  }

  void other_families(uint16_t rule) {
    std::vector<Family> seen = {rules_[rule].family};
    for (const TextMap::Span& span : draft_.map.spans()) {
      if (span.rule != rule || std::find(seen.begin(), seen.end(), span.family) != seen.end()) continue;
      seen.push_back(span.family);
      JsonLine line = begin("edit", rules_[rule].name, span.family);
      spans(line, rule, span.family);
      end(line);
    }
  }

  /// Spans that nothing was put in the place of.
  void flags(JsonLine& line, const std::vector<Flag>& flags, Family family) {
    line.raw("spans");
    out_ += '[';
    const std::string_view original = draft_.map.original();
    size_t bytes = 0;
    uint64_t points = 0;
    for (const Flag& flag : flags) {
      if (bytes > 0) out_ += ',';
      points += count_code_points(original.substr(bytes, flag.original_begin - bytes));
      const std::string_view value = original.substr(flag.original_begin, flag.original_end - flag.original_begin);
      JsonLine object(out_);
      object.number("start", points);
      points += count_code_points(value);
      bytes = flag.original_end;
      object.number("end", points).text("kind", flag.kind);
      write_original(object, value, family);
      object.end();
    }
    out_ += ']';
  }

  /// What stood there: its text and digest, or a keyed digest alone where it is sensitive or has something sensitive inside.
  void write_original(JsonLine& object, std::string_view original, Family family) {
    if (is_sensitive(family) || (!key_.empty() && has_sensitive(original))) {
      if (!key_.empty()) object.text("original_hmac", base::hmac_sha256(key_, original).substr(0, 2 * kDigits));
      return;
    }
    object.text("original_sha", sha_of(original));
    if (original.size() <= kShownCharacters) object.text("original", original);
  }

  void write_span(const TextMap::Span& span, const Places& place) {
    const std::string_view original = draft_.map.original_of(span);
    JsonLine object(out_);
    object.number("start", place.start).number("end", place.end).text("kind", span.kind);
    write_original(object, original, span.family);
    object.text("replacement", draft_.map.replacement_of(span));
    if (!span.also.empty()) {
      object.raw("also");
      out_ += '[';
      for (size_t i = 0; i < span.also.size(); ++i) {
        if (i > 0) out_ += ',';
        append_json_string(out_, rules_[span.also[i]].name);
      }
      out_ += ']';
    }
    object.end();
  }

  /// The same few characters are removed again and again.
  const std::string& sha_of(std::string_view original) {
    if (original != last_original_ || last_sha_.empty()) {
      last_original_ = original;
      last_sha_ = short_sha(original);
    }
    return last_sha_;
  }

  std::string& out_;
  const Draft& draft_;
  const std::vector<RuleName>& rules_;
  const std::string_view key_;
  const std::vector<Places> places_;
  std::string text_digest_;
  bool keyed_ = false;
  std::string last_original_, last_sha_;
};

void write_parts(JsonLine& line, std::string& out, const Draft& draft) {
  line.raw("parts");
  out += '[';
  bool first = true;
  for (const document::Part& part : parts_now(draft.map, draft.document.parts)) {
    if (!first) out += ',';
    first = false;
    JsonLine object(out);
    object.text("role", part.role).number("begin", part.begin).number("end", part.end);
    if (!part.trained) {
      object.raw("trained");
      out += "false";
    }
    object.end();
  }
  out += ']';
}

}  // namespace

void write_ledger(std::string& out, const Draft& draft, const std::vector<RuleName>& rules, const Placement& placement,
                  std::string_view key) {
  DocumentLedger ledger(out, draft, rules, key);
  ledger.read();
  for (const RuleLine& line : draft.lines) {
    const bool says_nothing = line.verdict == Verdict::keep && line.reason.empty() && line.findings.empty() && line.flags.empty();
    if (!says_nothing) ledger.rule(line);
  }
  if (!draft.dropped()) ledger.split(placement);
}

void write_ledger(std::string& out, const document::Rejection& rejection) {
  JsonLine line(out);
  line.text("id", rejection.id).text("action", "drop").text("rule", "read").text("family", name_of(Family::quality));
  line.text("reason", rejection.reason).text_unless_empty("source", rejection.source).text_unless_empty("path", rejection.path);
  if (rejection.row > 0) line.number("row", rejection.row);
  line.number("bytes", rejection.bytes).text_unless_empty("message", rejection.message);
  line.end();
  out += '\n';
}

void write_document(std::string& out, const Draft& draft, const Placement& placement) {
  const document::Document& document = draft.document;
  JsonLine line(out);
  line.text("id", document.id).text_unless_empty("source", document.source).text_unless_empty("path", document.path);
  line.text_unless_empty("title", without_sensitive(document.title)).text_unless_empty("licence", document.licence);
  line.text_unless_empty("access", document.access).text("language", draft.language.code).text("split", placement.split);
  line.text_unless_empty("record", document.record);
  if (draft.is_record()) write_parts(line, out, draft);
  line.text("text", draft.map.text());
  line.end();
  out += '\n';
}

}  // namespace hone::corpus
