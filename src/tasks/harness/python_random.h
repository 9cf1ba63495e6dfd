#pragma once
/// Python's random.Random as far as few-shot examples are drawn with it: the Mersenne Twister MT19937 (Matsumoto & Nishimura 1998),
/// seeded from an integer as CPython does, and random.sample. Equal seeds give the very numbers CPython 3.9 to 3.13 gives.
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hone::tasks {

class PythonRandom {
 public:
  explicit PythonRandom(uint64_t seed);

  /// 32 random bits: one step of the generator.
  uint32_t next();
  /// random(): a double in [0, 1) of 53 bits.
  double fraction();
  /// getrandbits(bits), 1 ≤ bits ≤ 64.
  uint64_t bits(int bits);
  /// randrange(bound), bound ≥ 1: draws until a number of as many bits is below it.
  uint64_t below(uint64_t bound);
  /// The places that sample(population, count) picks from a population of `size`, in its order; count ≤ size.
  std::vector<size_t> sample(size_t size, size_t count);

 private:
  static constexpr size_t kWords = 624;
  void seed_plain(uint32_t seed);
  void refill();

  std::array<uint32_t, kWords> state_{};
  size_t used_ = kWords;
};

}  // namespace hone::tasks
