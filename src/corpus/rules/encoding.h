#pragma once
/// Undoes wrong decodings (mojibake.h) and drops what cannot be saved. The first rule: all others want readable text.
///
/// Diacritics, foreign scripts and signs in good text stay: a change must make the text less odd by a stated margin. Lines that no
/// decoding makes readable are taken out, and a document that is mostly such lines is dropped as `beyond_repair`.
#include "corpus/rule.h"

namespace hone::corpus {

class Encoding final : public Rule {
 public:
  static constexpr std::string_view kName = "encoding";
  static constexpr Family kFamily = Family::encoding;

  std::string_view name() const override { return kName; }
  Family family() const override { return kFamily; }
  bool changes_text() const override { return true; }
  Outcome judge(const DocumentView& document) const override;
};

}  // namespace hone::corpus
