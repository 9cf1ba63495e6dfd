#include "tasks/harness/python_random.h"

#include <bit>
#include <cmath>
#include <numeric>
#include <unordered_set>

#include "base/error.h"

namespace hone::tasks {
namespace {

constexpr size_t kShift = 397;
constexpr uint32_t kTwist = 0x9908B0DF, kUpper = 0x80000000, kLower = 0x7FFFFFFF;

}  // namespace

PythonRandom::PythonRandom(uint64_t seed) {
  // init_by_array with the seed's 32-bit digits, lowest first.
  std::vector<uint32_t> key{static_cast<uint32_t>(seed)};
  if (seed >> 32 != 0) key.push_back(static_cast<uint32_t>(seed >> 32));
  seed_plain(19650218);
  size_t i = 1, j = 0;
  const auto mixed = [&] { return state_[i - 1] ^ (state_[i - 1] >> 30); };
  const auto advance = [&] {
    if (++i < kWords) return;
    state_[0] = state_[kWords - 1];
    i = 1;
  };
  for (size_t k = std::max(kWords, key.size()); k > 0; --k) {
    state_[i] = (state_[i] ^ (mixed() * 1664525u)) + key[j] + static_cast<uint32_t>(j);
    advance();
    j = (j + 1) % key.size();
  }
  for (size_t k = kWords - 1; k > 0; --k) {
    state_[i] = (state_[i] ^ (mixed() * 1566083941u)) - static_cast<uint32_t>(i);
    advance();
  }
  state_[0] = kUpper;
}

void PythonRandom::seed_plain(uint32_t seed) {
  state_[0] = seed;
  for (size_t i = 1; i < kWords; ++i)
    state_[i] = 1812433253u * (state_[i - 1] ^ (state_[i - 1] >> 30)) + static_cast<uint32_t>(i);
}

void PythonRandom::refill() {
  for (size_t i = 0; i < kWords; ++i) {
    const uint32_t both = (state_[i] & kUpper) | (state_[(i + 1) % kWords] & kLower);
    state_[i] = state_[(i + kShift) % kWords] ^ (both >> 1) ^ ((both & 1) != 0 ? kTwist : 0);
  }
  used_ = 0;
}

uint32_t PythonRandom::next() {
  if (used_ >= kWords) refill();
  uint32_t y = state_[used_++];
  y ^= y >> 11;
  y ^= (y << 7) & 0x9D2C5680;
  y ^= (y << 15) & 0xEFC60000;
  return y ^ (y >> 18);
}

double PythonRandom::fraction() {
  const uint32_t high = next() >> 5, low = next() >> 6;
  return (high * 67108864.0 + low) / 9007199254740992.0;
}

uint64_t PythonRandom::bits(int bits) {
  HONE_ASSERT(bits >= 1 && bits <= 64);
  if (bits <= 32) return next() >> (32 - bits);
  const uint64_t low = next();
  return low | static_cast<uint64_t>(next() >> (64 - bits)) << 32;
}

uint64_t PythonRandom::below(uint64_t bound) {
  HONE_ASSERT(bound >= 1);
  const int width = std::bit_width(bound);
  for (;;) {
    const uint64_t number = bits(width);
    if (number < bound) return number;
  }
}

std::vector<size_t> PythonRandom::sample(size_t size, size_t count) {
  HONE_ASSERT(count <= size);
  // Python takes whichever needs less room: a list that shrinks, or a set of what has been picked.
  size_t set_size = 21;
  if (count > 5) set_size += static_cast<size_t>(std::pow(4.0, std::ceil(std::log(static_cast<double>(count) * 3) / std::log(4.0))));
  std::vector<size_t> picked;
  picked.reserve(count);
  if (size <= set_size) {
    std::vector<size_t> pool(size);
    std::iota(pool.begin(), pool.end(), size_t{0});
    for (size_t i = 0; i < count; ++i) {
      const size_t j = below(size - i);
      picked.push_back(pool[j]);
      pool[j] = pool[size - i - 1];
    }
    return picked;
  }
  std::unordered_set<size_t> seen;
  while (picked.size() < count) {
    const size_t j = below(size);
    if (seen.insert(j).second) picked.push_back(j);
  }
  return picked;
}

}  // namespace hone::tasks
