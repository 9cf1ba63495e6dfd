#pragma once
/// Which rows are read together, and when: the order of one epoch, a pure function of (seed, epoch).
///
/// shuffled: a permutation of the rows, dealt evenly. Of R rows and S = ceil(R / (micro batch size · accumulation ·
/// world)) steps, step i has the rows [R·i/S, R·(i+1)/S) of the permutation; its micro batches share them as evenly.
///
/// grouped: rounds of like length. The permutation is cut into blocks of 50 rounds (as in transformers'
/// LengthGroupedSampler), each sorted by length; of G = ceil(R / (micro batch size · world)) rounds, round g has the
/// rows [R·g/G, R·(g+1)/G) of that; the rounds are permuted and dealt to the same S steps.
///
/// Either way no row is left over and no step is a small remainder.
#include <cstdint>
#include <functional>
#include <vector>

namespace hone::dataset {

enum class Order { shuffled, sequential, grouped };

struct RowShape {
  int64_t micro_batch_size = 1;
  int64_t gradient_accumulation_steps = 1;
  int world = 1;
};

/// A step's rows by micro batch: of rank r the parts r, r + world, … All ranks have equally many; late ones may be empty.
using StepRows = std::vector<std::vector<uint64_t>>;

int64_t steps_of(uint64_t rows, const RowShape& shape);

/// The same step in micro batches of at most `most_rows` rows: each round of a micro batch a rank becomes as many as its
/// largest needs, shared evenly. What a step is does not change.
StepRows in_smaller_parts(const StepRows& step, int64_t most_rows, int world);

class RowOrder {
 public:
  /// `length_of(row)`: its positions; asked only when grouped.
  RowOrder(uint64_t rows, Order order, const RowShape& shape, uint64_t seed, int64_t epoch, const std::function<uint64_t(uint64_t)>& length_of);
  /// 0 ≤ step < steps_of(rows, shape).
  StepRows step(int64_t index) const;

 private:
  StepRows dealt(uint64_t index) const;
  StepRows grouped(uint64_t index) const;

  uint64_t rows_;
  Order order_;
  RowShape shape_;
  uint64_t steps_;
  std::vector<uint64_t> permutation_;  ///< Of rows; empty when sequential.
  std::vector<uint64_t> rounds_;       ///< Permutation of rounds; empty unless grouped.
};

}  // namespace hone::dataset
