#pragma once
/// One document on its way through the rules: its text with the way back, and what each rule has said so far.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/language.h"
#include "corpus/outcome.h"
#include "corpus/parts.h"
#include "corpus/rule.h"
#include "corpus/text_map.h"
#include "document/document.h"

namespace hone::corpus {

/// A place that a rule pointed out without changing it: bytes of the text as read.
struct Flag {
  size_t original_begin = 0, original_end = 0;
  std::string_view kind;
};

/// What one rule said.
struct RuleLine {
  uint16_t rule = 0;  ///< Place in the recipe's list.
  Verdict verdict = Verdict::keep;
  std::string reason;
  std::string duplicate_of;
  std::vector<Finding> findings;
  std::vector<Flag> flags;  ///< Of the rule's own family.
};

struct Draft {
  DocumentIndex index = 0;
  document::Document document;  ///< Its `text` has moved into `map`.
  TextMap map{""};
  Language language;
  std::vector<RuleLine> lines;  ///< Ascending by rule; nothing behind a drop.

  static Draft begin(DocumentIndex index, document::Document document);

  bool dropped() const { return !lines.empty() && lines.back().verdict == Verdict::drop; }
  /// A record of instruction data, whose text has parts.
  bool is_record() const { return !document.parts.empty(); }
  DocumentView view() const { return {map.text(), map.original(), document, language, index, parts_now(map, document.parts)}; }
  /// Takes what rule number `rule` said, edits the text, and forgets what later rules said when it is a drop.
  void take(uint16_t rule, Family family, Outcome outcome);

  /// What rules have said and edited so far, as bytes; a draft as it began takes them up again. Kinds and finding names come back
  /// as static strings.
  std::string pack_outcome() const;
  void take_up(std::string_view outcome);
};

/// A document with its text, as bytes and back.
std::string pack(const document::Document& document);
document::Document unpack_document(std::string_view bytes);

}  // namespace hone::corpus
