#pragma once
/// Segments into rows of at most Cut::row_length() positions, with nothing lost and nothing twice.
///
/// Rows are filled best-fit decreasing: the longest item first, each into the fullest row that still holds it
/// (Ding et al. 2024, "Fewer Truncations Improve Language Modeling"). Ties: document order. An item is a segment,
/// or both segments of a pair. A row holds its items in document order, rows come in the order of their first.
#include <cstdint>
#include <span>
#include <vector>

#include "dataset/cut.h"

namespace hone::dataset {

struct Packing {
  std::vector<Segment> segments;          ///< Row after row.
  std::vector<uint64_t> row_begin = {0};  ///< Of each row its first segment; and the number of segments.
  Conservation conservation;              ///< Of all sources.
  std::vector<Conservation> by_source;    ///< By place in Cut::sources(); without row_capacity.

  uint64_t rows() const { return row_begin.size() - 1; }
  std::span<const Segment> row(uint64_t index) const {
    return std::span(segments).subspan(row_begin[index], row_begin[index + 1] - row_begin[index]);
  }
  /// Positions of a row.
  uint64_t row_positions(uint64_t index) const;
};

/// Unit u comes readings[u] times; empty: each once. When `pack` is false a row is one item. Throws data when there
/// are more than 2³² segments.
Packing pack(const Cut& cut, bool pack, const std::vector<uint32_t>& readings = {});

/// Best-fit decreasing by itself: lengths, each in [1, capacity], to the numbers of the items in each bin.
std::vector<std::vector<uint32_t>> best_fit(const std::vector<uint32_t>& lengths, uint32_t capacity);

}  // namespace hone::dataset
