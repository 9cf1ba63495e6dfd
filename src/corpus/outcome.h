#pragma once
/// What a rule says about one document: keep it (with findings), edit it, or drop it.
///
/// Findings are recorded whatever the verdict, so that thresholds can be moved without reading the documents again.
/// Edits speak of byte offsets in the text the rule was shown, at code point boundaries, and do not overlap.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/family.h"

namespace hone::corpus {

enum class Verdict : uint8_t { keep, edit, drop };

struct Edit {
  size_t begin = 0, end = 0;  ///< Bytes of the text shown; equal for an insertion.
  std::string replacement;
  std::string_view kind;         ///< A word for the ledger with static storage: "zero_width", "email".
  std::optional<Family> family;  ///< When not the rule's own.
};

struct Finding {
  std::string_view name;  ///< Static storage.
  double value = 0;
};

struct Outcome {
  Verdict verdict = Verdict::keep;
  std::string reason;        ///< A machine word for a drop ("too_short"); may be empty otherwise.
  std::vector<Edit> edits;   ///< Only with Verdict::edit.
  std::vector<Edit> flags;   ///< Places only pointed out; nothing is replaced. With any verdict; sorted, not overlapping.
  std::vector<Finding> findings;
  std::string duplicate_of;  ///< Id of the document that this one repeats.

  static Outcome keep() { return {}; }
  static Outcome drop(std::string why) { return {.verdict = Verdict::drop, .reason = std::move(why)}; }
  static Outcome edit(std::vector<Edit> edits) {
    const Verdict verdict = edits.empty() ? Verdict::keep : Verdict::edit;
    return {.verdict = verdict, .edits = std::move(edits)};
  }
};

}  // namespace hone::corpus
