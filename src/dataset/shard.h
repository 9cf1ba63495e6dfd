#pragma once
/// A token shard: tokenised documents in one little-endian file that is used where it lies (mmap), never read
/// whole.
///
///    0   8  magic "HONETOKS"             72   8  offset of the document table
///    8   4  version: 1, 2 with flags     80   8  offset of the document ids
///   12   4  bytes a token: 2 or 4        88   8  offset of the names (JSON)
///   16   8  bytes of the file            96   8  bytes of the names
///   24   8  documents                   104  32  SHA-256 of the tokenizer
///   32   8  tokens                      136   8  XXH3-64 of all after the header
///   40   4  vocabulary size             144   8  XXH3-64 of bytes 0..143
///   44   4  flags, in version 1 zero    152   8  zero
///   48   4  BOS id or -1, 52 4 EOS id or -1
///   56   8  offset of the tokens
///   64   8  offset of the loss mask, 0: none
/// tokens u16 or u32 | loss mask: one byte a token, bit 0 = trained as a target, bits 1–7 = the number of its
/// role in the names and 1, or 0 | document table | ids, UTF-8 laid end to end | names {"sources": […],
/// "languages": […], "access": […], "licences": […]} and with kRoles "roles". Flags: kPairs, kRoles. Sections
/// start at multiples of 8. Document table: documents + 1 rows of 48 bytes, the last one closes: u64 first
/// token, u64 bytes of text, u64 characters of text, u64 offset of its id, then u32 places in the lists of
/// names: source, language, access, licence. Every offset, order and id is checked before use: shards are
/// hostile input.
#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"

namespace hone::dataset {

inline constexpr uint64_t kShardHeaderBytes = 160;
inline constexpr uint32_t kShardVersion = 2;  ///< The newest; without flags 1 is written.
inline constexpr uint32_t kPairs = 1;  ///< Documents 2k and 2k+1 are the chosen and the rejected answer of pair k.
inline constexpr uint32_t kRoles = 2;  ///< The loss mask names roles.
inline constexpr uint32_t kMaxRoles = 127;
inline constexpr std::string_view kShardMagic = "HONETOKS";

/// The fixed part of a shard, as it lies in the file.
struct ShardHeader {
  std::array<char, 8> magic{};
  uint32_t version = 1;
  uint32_t token_bytes = 2;
  uint64_t file_bytes = 0;
  uint64_t documents = 0;
  uint64_t tokens = 0;
  int32_t vocabulary_size = 0;
  uint32_t flags = 0;
  int32_t bos_id = -1;
  int32_t eos_id = -1;
  uint64_t tokens_at = 0;
  uint64_t mask_at = 0;
  uint64_t table_at = 0;
  uint64_t ids_at = 0;
  uint64_t names_at = 0;
  uint64_t names_bytes = 0;
  std::array<uint8_t, 32> tokenizer_sha256{};
  uint64_t content_hash = 0;
  uint64_t header_hash = 0;
  uint64_t end = 0;
};
static_assert(sizeof(ShardHeader) == kShardHeaderBytes);

/// One line of the document table, as it lies in the file.
struct ShardRow {
  uint64_t first_token = 0;
  uint64_t text_bytes = 0;
  uint64_t text_characters = 0;
  uint64_t id_at = 0;  ///< From the start of the ids.
  uint32_t source = 0;
  uint32_t language = 0;
  uint32_t access = 0;
  uint32_t licence = 0;
};
static_assert(sizeof(ShardRow) == 48);

/// The lists behind the numbers in a row.
struct ShardNames {
  std::vector<std::string> sources, languages, access, licences, roles;
};

/// Token ids of a shard, of either width.
class TokenView {
 public:
  TokenView(const std::byte* data, uint64_t count, uint32_t token_bytes)
      : data_(data), count_(count), token_bytes_(token_bytes) {}
  uint64_t size() const { return count_; }
  int32_t operator[](uint64_t index) const;
  /// Appends ids [begin, end) to `out`; end ≤ size().
  void copy(uint64_t begin, uint64_t end, std::vector<int32_t>& out) const;
  std::vector<int32_t> all() const;

 private:
  const std::byte* data_;
  uint64_t count_;
  uint32_t token_bytes_;
};

/// Which tokens of a document are trained as targets, and who says them. Empty: every token is trained.
class MaskView {
 public:
  MaskView() = default;
  MaskView(std::span<const uint8_t> bytes, const std::vector<std::string>* roles) : bytes_(bytes), roles_(roles) {}
  bool empty() const { return bytes_.empty(); }
  uint64_t size() const { return bytes_.size(); }
  /// 1 when token `index` is trained, else 0.
  uint8_t operator[](uint64_t index) const { return bytes_[index] & 1U; }
  /// "user", "assistant" …; empty for what the template wrote around the messages.
  std::string_view role(uint64_t index) const;
  /// Of the tokens [begin, end), how many are trained.
  uint64_t trained(uint64_t begin, uint64_t end) const;

 private:
  std::span<const uint8_t> bytes_;
  const std::vector<std::string>* roles_ = nullptr;
};

/// A document in a shard; views into the mapped file, valid as long as the shard.
struct DocumentView {
  std::string_view id, source, language, access, licence;
  uint64_t text_bytes = 0;       ///< Of the cleaned text in UTF-8: the divisor of bits per byte.
  uint64_t text_characters = 0;  ///< Code points.
  TokenView tokens;              ///< BOS and EOS included where the vocabulary has them.
  MaskView mask;                 ///< Empty: every token is trained.
  /// Whether token `index` is predicted with a loss that counts. The first token never is.
  bool trained(uint64_t index) const { return index > 0 && (mask.empty() || mask[index] == 1); }
};

class Shard {
 public:
  enum class Verify {
    structure,   ///< Header, table and names.
    everything,  ///< Also the checksum of all bytes and each id against the vocabulary.
  };

  /// Maps the file. Throws data naming file, byte and what to do; storage when it cannot be read.
  explicit Shard(const std::filesystem::path& path, Verify verify = Verify::everything);

  const ShardHeader& header() const { return header_; }
  const ShardNames& names() const { return names_; }
  const std::filesystem::path& path() const { return path_; }
  std::string tokenizer_sha256() const;
  bool pairs() const { return (header_.flags & kPairs) != 0; }
  /// index < header().documents.
  DocumentView document(uint64_t index) const;
  /// Its number of tokens, without touching them.
  uint64_t length(uint64_t index) const;

 private:
  [[noreturn]] void refuse(uint64_t at, const std::string& what) const;
  void check_header() const;
  void check_sections() const;
  void read_names();
  void check_table() const;
  void check_content() const;
  ShardRow row(uint64_t index) const;

  std::filesystem::path path_;
  base::MappedFile file_;
  ShardHeader header_;
  ShardNames names_;
};

}  // namespace hone::dataset
