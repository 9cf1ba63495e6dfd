#include "corpus/literal_scan.h"

#include "base/error.h"

namespace hone::corpus {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

LiteralScan::LiteralScan(std::vector<std::string> literals) : literals_(std::move(literals)) {
  for (size_t i = 0; i < literals_.size(); ++i) {
    HONE_ASSERT(literals_[i].size() >= 3);
    uint16_t& slot = slots_[hash(three_bytes(literals_[i].data(), false))];
    if (slot == 0) {
      slot = static_cast<uint16_t>(lists_.size());
      lists_.emplace_back();
    }
    lists_[slot].push_back(static_cast<uint16_t>(i));
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
