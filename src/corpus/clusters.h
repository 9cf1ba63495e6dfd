#pragma once
/// Documents that belong together, as a union-find forest over document numbers (Tarjan & van Leeuwen 1984).
/// The root of a cluster is its first document in input order, whatever the order of the links.
#include <cstdint>
#include <vector>

namespace hone::corpus {

class Clusters {
 public:
  /// Makes room for documents 0 … count-1; those not known before stand alone.
  void grow(uint64_t count) {
    for (uint64_t i = parent_.size(); i < count; ++i) parent_.push_back(static_cast<uint32_t>(i));
  }
  uint64_t size() const { return parent_.size(); }

  uint64_t find(uint64_t document) {
    auto at = static_cast<uint32_t>(document);
    while (parent_[at] != at) at = parent_[at] = parent_[parent_[at]];
    return at;
  }

  void link(uint64_t a, uint64_t b) {
    const uint64_t root_a = find(a), root_b = find(b);
    if (root_a < root_b) {
      parent_[root_b] = static_cast<uint32_t>(root_a);
    } else {
      parent_[root_a] = static_cast<uint32_t>(root_b);
    }
  }

 private:
  std::vector<uint32_t> parent_;
};

}  // namespace hone::corpus
