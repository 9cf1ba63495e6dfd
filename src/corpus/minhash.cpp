#include "corpus/minhash.h"

#include <algorithm>

#include "base/random.h"

namespace hone::corpus {
namespace {

constexpr int kHashes = kBands * kRows;
using Signature = std::array<uint32_t, kHashes>;

/// Multipliers (odd) and offsets of the hash functions h(x) = a·x + b mod 2^32 over already mixed x.
struct Functions {
  alignas(64) Signature multiplier, offset;

  Functions() {
    base::RandomStream random(1, "minhash");
    for (int i = 0; i < kHashes; ++i) {
      multiplier[static_cast<size_t>(i)] = random.next_u32() | 1;
      offset[static_cast<size_t>(i)] = random.next_u32();
    }
  }
};

inline void lower(Signature& signature, const Functions& functions, uint32_t shingle) {
  for (size_t i = 0; i < kHashes; ++i) {
    uint32_t hash = (shingle ^ (shingle >> 15)) * functions.multiplier[i] + functions.offset[i];
    signature[i] = std::min(signature[i], hash);
  }
}

#if defined(__x86_64__)
/// The same, eight at a time: the compiler's vectors need to be told that they may be that wide.
__attribute__((target("avx2"))) void minima_avx2(Signature& signature, const Functions& functions, const std::vector<uint32_t>& shingles) {
  for (const uint32_t shingle : shingles) {
    const uint32_t mixed = shingle ^ (shingle >> 15);
    for (size_t i = 0; i < kHashes; ++i) {
      const uint32_t hash = mixed * functions.multiplier[i] + functions.offset[i];
      signature[i] = std::min(signature[i], hash);
    }
  }
}
#endif

void minima(Signature& signature, const Functions& functions, const std::vector<uint32_t>& shingles) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return minima_avx2(signature, functions, shingles);
#endif
  for (const uint32_t shingle : shingles) lower(signature, functions, shingle);
}

}  // namespace

BandKeys band_keys(const std::vector<uint32_t>& shingles) {
  static const Functions kFunctions;
  alignas(64) Signature signature;
  signature.fill(UINT32_MAX);
  minima(signature, kFunctions, shingles);
  BandKeys keys{};
  for (size_t band = 0; band < kBands; ++band) {
    uint64_t hash = band;
    for (size_t row = 0; row < kRows; ++row) {
      hash = (hash ^ signature[band * kRows + row]) * UINT64_C(0x9E3779B97F4A7C15);
      hash ^= hash >> 32;
    }
    keys[band] = static_cast<uint32_t>(hash);
  }
  return keys;
}

}  // namespace hone::corpus
