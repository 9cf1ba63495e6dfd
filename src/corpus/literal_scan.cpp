#include "corpus/literal_scan.h"

#include <map>

#include "base/error.h"

namespace hone::corpus {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

void allow(std::array<uint32_t, 256>& table, char c, uint32_t group) {
  table[static_cast<uint8_t>(c)] |= group;
  if (c >= 'a' && c <= 'z') table[static_cast<uint8_t>(c - ('a' - 'A'))] |= group;
}

}  // namespace

LiteralScan::LiteralScan(std::vector<std::string> literals) : literals_(std::move(literals)) {
  std::map<std::string, size_t> group_of;  // literals with the same beginning share a group
  for (size_t i = 0; i < literals_.size(); ++i) {
    HONE_ASSERT(literals_[i].size() >= 3);
    const size_t group = group_of.try_emplace(literals_[i].substr(0, 3), group_of.size() % kGroups).first->second;
    groups_[group].push_back(static_cast<uint16_t>(i));
    allow(first_, literals_[i][0], UINT32_C(1) << group);
    allow(second_, literals_[i][1], UINT32_C(1) << group);
    allow(third_, literals_[i][2], UINT32_C(1) << group);
  }
}

bool LiteralScan::matches(size_t index, std::string_view text, size_t position) const {
  const std::string& literal = literals_[index];
  if (position + literal.size() > text.size()) return false;
  for (size_t i = 0; i < literal.size(); ++i) {
    if (lower(text[position + i]) != literal[i]) return false;
  }
  return true;
}

}  // namespace hone::corpus
