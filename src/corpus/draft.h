#pragma once
/// One document on its way through the rules: its text with the way back, and what each rule has said so far.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/language.h"
#include "corpus/outcome.h"
#include "corpus/rule.h"
#include "corpus/text_map.h"
#include "document/document.h"

namespace hone::corpus {

/// What one rule said.
struct RuleLine {
  uint16_t rule = 0;  ///< Place in the recipe's list.
  Verdict verdict = Verdict::keep;
  std::string reason;
  std::string duplicate_of;
  std::vector<Finding> findings;
};

struct Draft {
  DocumentIndex index = 0;
  document::Document document;  ///< Its `text` has moved into `map`.
  TextMap map{""};
  Language language;
  std::vector<RuleLine> lines;  ///< Ascending by rule; nothing behind a drop.

  static Draft begin(DocumentIndex index, document::Document document);

  bool dropped() const { return !lines.empty() && lines.back().verdict == Verdict::drop; }
  DocumentView view() const { return {map.text(), map.original(), document, language, index}; }
  /// Takes what rule number `rule` said, edits the text, and forgets what later rules said when it is a drop.
  void take(uint16_t rule, Family family, Outcome outcome);

  /// As bytes and back. Kinds and finding names come back as static strings.
  std::string pack() const;
  static Draft unpack(std::string_view record);
};

}  // namespace hone::corpus
