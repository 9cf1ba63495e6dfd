#pragma once
/// Counter-based random numbers: a value is a pure function of (key, counter), so nothing has to be saved to resume.
/// Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
/// A stream is keyed by what it is for; two purposes never share numbers.
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace hone::base {

/// Ten rounds of Philox over a 128-bit counter with a 64-bit key.
std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key);

/// One stream of numbers: key = hash(seed, purpose), counter = (epoch, step, rank, position).
class RandomStream {
 public:
  RandomStream(uint64_t seed, std::string_view purpose, uint32_t epoch = 0, uint64_t step = 0, uint32_t rank = 0);

  uint32_t next_u32();
  uint64_t next_u64();
  /// Uniform in [0, 1) with 53 bits.
  double uniform();
  /// Uniform in [0, bound) without bias (Lemire 2019). bound > 0.
  uint64_t below(uint64_t bound);
  /// Standard normal (Box–Muller).
  double normal();
  /// A permutation of 0..count-1 (Fisher–Yates).
  std::vector<uint64_t> permutation(uint64_t count);

 private:
  std::array<uint32_t, 2> key_;
  std::array<uint32_t, 4> counter_;
  std::array<uint32_t, 4> block_{};
  int used_ = 4;
};

}  // namespace hone::base
