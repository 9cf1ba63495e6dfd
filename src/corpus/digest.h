#pragma once
/// 128 bits that name what went into something, for tables of what is known already.
///
/// of(): XXH3 under a seed, for keys made from digests and what was settled; where documents could shape the bytes, the seed is drawn
/// at random and never leaves the run's folder. of_content(): the first half of SHA-256, for bytes that a stranger chose.
#include <compare>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/hash.h"

namespace hone::corpus {

struct Digest {
  uint64_t high = 0, low = 0;
  auto operator<=>(const Digest&) const = default;

  std::string_view bytes() const { return {reinterpret_cast<const char*>(this), sizeof *this}; }

  static Digest of(std::string_view bytes, uint64_t seed) {
    return {base::hash64(bytes, seed), base::hash64(bytes, seed ^ UINT64_C(0x9E3779B97F4A7C15))};
  }
  static Digest of_content(std::string_view bytes);
  static Digest from_bytes(std::string_view bytes) {
    Digest result;
    if (bytes.size() == sizeof result) std::memcpy(&result, bytes.data(), sizeof result);
    return result;
  }
};

}  // namespace hone::corpus
