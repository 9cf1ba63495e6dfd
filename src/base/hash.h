#pragma once
/// Content hashes. SHA-256 (OpenSSL) names what is stored and signed; XXH3-64 is for tables inside one process or one stage.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace hone::base {

/// SHA-256 of everything added, as 64 lower-case hex digits.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void add(std::string_view bytes);
  /// Ends the hash; the object must not be used afterwards.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256(std::string_view bytes);
/// Reads the file once; throws data or storage with the path.
std::string sha256_file(const std::filesystem::path& path);
/// HMAC-SHA-256 (RFC 2104) as hex, for values whose plain hash could be guessed.
std::string hmac_sha256(std::string_view key, std::string_view bytes);

/// XXH3 with seed; the same on every processor.
uint64_t hash64(std::string_view bytes, uint64_t seed = 0);

}  // namespace hone::base
