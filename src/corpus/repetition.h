#pragma once
/// How much of a text says again what it has said: after Gopher (Rae et al. 2021, appendix A.1.1), by words between white space,
/// which for Korean are eojeol.
#include "corpus/census.h"

namespace hone::corpus {

struct Repetition {
  double lines = 0;       ///< Characters in lines seen before over all characters.
  double five_grams = 0;  ///< Characters in runs of five words seen before, each character once, over all characters.
};

Repetition measure_repetition(const Census& census);

}  // namespace hone::corpus
