#pragma once
/// Brings text into one form: Unicode NFC, "\n" line ends, plain spaces, no hidden or control characters, no space at the end of
/// lines, at most one blank line in a row.
///
/// Words, indentation, emoji, Hangul and joiners that shape letters come out as they were. What was hidden is reported as
/// family hidden, all else as normalise. Normalising twice changes nothing more.
#include "corpus/rule.h"

namespace hone::corpus {

class Normalise final : public Rule {
 public:
  static constexpr std::string_view kName = "normalise";
  static constexpr Family kFamily = Family::normalise;

  std::string_view name() const override { return kName; }
  Family family() const override { return kFamily; }
  bool changes_text() const override { return true; }
  Outcome judge(const DocumentView& document) const override;
};

}  // namespace hone::corpus
