#pragma once
/// Drops a record of instruction data when the other rules have left nothing of one of its turns.
///
/// A conversation with a hole in it, or a question whose answer is gone, teaches something else than its author meant. Runs last, in
/// every recipe with a source of instruction data, without being named.
#include <string_view>

#include "corpus/rule.h"

namespace hone::corpus {

class Turns final : public Rule {
 public:
  static constexpr std::string_view kName = "turns";
  static constexpr Family kFamily = Family::quality;

  std::string_view name() const override { return kName; }
  Family family() const override { return kFamily; }
  Outcome judge(const DocumentView& document) const override;
};

}  // namespace hone::corpus
