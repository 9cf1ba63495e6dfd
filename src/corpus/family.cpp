#include "corpus/family.h"

#include <array>

namespace hone::corpus {

std::string_view name_of(Family family) {
  static constexpr std::array<std::string_view, 11> kNames = {"dedup",    "boilerplate", "pii",    "secret",    "encoding", "language",
                                                              "quality",  "hidden",      "injection", "eval", "normalise"};
  return kNames[static_cast<size_t>(family)];
}

bool is_sensitive(Family family) { return family == Family::pii || family == Family::secret; }

}  // namespace hone::corpus
