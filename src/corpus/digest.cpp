#include "corpus/digest.h"

#include <charconv>

namespace hone::corpus {

Digest Digest::of_content(std::string_view bytes) {
  const std::string hex = base::sha256(bytes);
  Digest result;
  std::from_chars(hex.data(), hex.data() + 16, result.high, 16);
  std::from_chars(hex.data() + 16, hex.data() + 32, result.low, 16);
  return result;
}

}  // namespace hone::corpus
