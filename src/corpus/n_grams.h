#pragma once
/// How much of a text stands in its commonest runs of 2, 3 and 4 words, and in runs of 5 to 10 words that were there before
/// (Gopher, Rae et al. 2021, appendix A.1.1; counted as datatrove does).
///
///   top n          occurrences · (its characters + n-1 spaces) of the commonest run; of several the first; one occurrence counts
///   duplicate n    from left to right: a run seen before counts with the characters of its words and is stepped over whole
///
/// Runs are compared word by word; datatrove compares them with the words run together, which finds a few more in tables.
/// The hash of n words comes from that of n-1. Only runs whose first and last n-1 words occur again can occur again themselves,
/// so that each n looks at what is left of n-1: the tables of 3 to 10 words cost less than that of 2.
#include <array>
#include <cstdint>
#include <vector>

#include "corpus/census.h"

namespace hone::corpus {

struct NGramCounts {
  std::array<uint64_t, 3> top{};         ///< Characters, for n = 2, 3, 4; 0 when there are fewer words.
  std::array<uint64_t, 6> duplicates{};  ///< Characters, for n = 5 … 10.
};

NGramCounts count_n_grams(const std::vector<CensusWord>& words);

}  // namespace hone::corpus
