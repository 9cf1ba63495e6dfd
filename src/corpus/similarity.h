#pragma once
/// How alike two documents are, exactly, and whether their differences are of the kind that makes them two documents.
///
/// Jaccard over multisets of features: sum of the smaller counts over sum of the larger. A feature is a word, or in Hangul, Han
/// and kana a pair of neighbouring characters. Replacing a share e of the words gives (1 - e) / (1 + e).
/// Twins are filled-in forms: the same words around other facts. Two texts are twins when their numbers differ, when a word of
/// one stands for a word of the other at most of two or more places, or when all they differ in is capitalised words.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/units.h"

namespace hone::corpus {

struct Features {
  std::string text;
  std::vector<Unit> units;
  std::vector<uint64_t> counted;  ///< Hashes of the features, sorted, with repetitions.
};

Features features_of(std::string text);

/// 1 for two texts without any feature.
double jaccard(const Features& a, const Features& b);

/// A hash of the numbers in a text with these units: equal for texts with the same numbers, each as often, in any order.
uint64_t hash_of_numbers(std::string_view text, const std::vector<Unit>& units);

bool are_twins(const Features& a, const Features& b);

}  // namespace hone::corpus
