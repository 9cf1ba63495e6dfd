#pragma once
/// MinHash signatures in bands (Broder 1997; banding: Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, 3.4).
///
/// 42 bands of 6 rows: two documents whose shingles have Jaccard similarity s share a band with probability 1 - (1 - s^6)^42,
/// that is .27 at .45, .60 at .53, .95 at .64, 1.00 at .75. Of each band only a 32-bit hash of its rows is kept: 168 bytes a
/// document. The same on every processor. With shingles of four words (units.h), 5 % of the words changed leave s = .69: found
/// with probability .99; shingles of five words would leave .63 and find .93.
#include <array>
#include <cstdint>
#include <vector>

namespace hone::corpus {

constexpr int kBands = 42, kRows = 6;
using BandKeys = std::array<uint32_t, kBands>;

/// `shingles` must not be empty; repetitions do not matter.
BandKeys band_keys(const std::vector<uint32_t>& shingles);

}  // namespace hone::corpus
