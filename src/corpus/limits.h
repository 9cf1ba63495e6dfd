#pragma once
/// Bounds on attributes of a text. A document beyond one of them goes; the first in the order written is the reason, spelt
/// <attribute>_below or <attribute>_above. What was measured is found whatever the verdict.
#include <cstdint>
#include <optional>
#include <vector>

#include "corpus/measures.h"

namespace hone::corpus {

class Limits {
 public:
  enum class Side : uint8_t { below, above };

  Limits& at_least(Attribute attribute, double bound);
  Limits& at_most(Attribute attribute, double bound);
  /// Attribute::stop_words counts these instead of its own lists.
  Limits& count_words(WordList words);
  /// Attribute::short_line_share counts lines of at most so many characters.
  Limits& count_lines_up_to(uint32_t characters);

  Outcome judge(Measures& measures) const;

 private:
  struct Limit {
    Attribute attribute;
    double bound = 0;
    Side side = Side::below;
  };
  double value(Measures& measures, Attribute attribute) const;

  std::vector<Limit> limits_;
  std::optional<WordList> words_;
  std::optional<uint32_t> short_line_;
};

}  // namespace hone::corpus
