#pragma once
/// What kind of defect a rule is about. Ledgers spell these words; tools that score or filter ledgers rely on them.
#include <cstdint>
#include <string_view>

namespace hone::corpus {

enum class Family : uint8_t {
  dedup,
  boilerplate,
  pii,
  secret,
  encoding,
  language,
  quality,
  hidden,
  injection,
  eval,
  normalise,
};

std::string_view name_of(Family family);

/// Families whose original text must not be repeated in ledgers, reports or logs.
bool is_sensitive(Family family);

}  // namespace hone::corpus
