#include "corpus/residual.h"

#include <boost/math/distributions/binomial.hpp>

#include "base/error.h"

namespace hone::corpus {

double upper_bound_of_share(uint64_t k, uint64_t n, double confidence) {
  HONE_ASSERT(n > 0 && k <= n && confidence > 0 && confidence < 1);
  if (k == n) return 1;
  return boost::math::binomial_distribution<>::find_upper_bound_on_p(static_cast<double>(n), static_cast<double>(k), 1 - confidence);
}

}  // namespace hone::corpus
