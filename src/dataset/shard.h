#pragma once
/// A token shard: tokenised documents in one little-endian file that is used where it lies (mmap), never read
/// whole.
///
///   0  8  magic "HONETOKS"            56   8  offset of the document table      104  32  SHA-256 of the
///   tokenizer 8  4  version (1)                 64   8  offset of the tokens              136   8  XXH3-64
///   of all after the header
///  12  4  bytes a token: 2 or 4       72   8  offset of the loss mask, 0: none  144   8  XXH3-64 of bytes
///  0..143 16  8  bytes of the file           80   8  offset of the document ids        152   8  zero 24  8
///  documents                   88   8  offset of the names (JSON) 32  8  tokens                      96   8
///  bytes of the names 40  4  vocabulary size             48 4 BOS id or -1, 52 4 EOS id or -1; 44 4 zero
/// document table, documents + 1 rows of 40 bytes (the last one closes):
///   first token u64 | bytes of text u64 | characters of text u64 | offset of its id u64 | source u32 |
///   language u32
/// tokens u16 or u32 | loss mask: one byte a token, 1 = trained as a target | ids, UTF-8 laid end to end |
/// names: {"sources": […], "languages": […]}, the strings behind `source` and `language`.
/// Sections start at multiples of 8. Every offset, order and id is checked before use: shards are hostile
/// input.
#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"

namespace hone::dataset {

struct ShardHeader {
  uint32_t token_bytes = 2;
  uint64_t file_bytes = 0;
  uint64_t documents = 0;
  uint64_t tokens = 0;
  int32_t vocabulary_size = 0;
  int32_t bos_id = -1;
  int32_t eos_id = -1;
  bool has_mask = false;
  std::string tokenizer_sha256;  ///< 64 hex digits.
};

/// Token ids of a shard, of either width.
class TokenView {
 public:
  TokenView(const std::byte* data, uint64_t count, uint32_t token_bytes)
      : data_(data), count_(count), token_bytes_(token_bytes) {}
  uint64_t size() const { return count_; }
  int32_t operator[](uint64_t index) const;
  /// Appends ids [begin, end) to `out`.
  void copy(uint64_t begin, uint64_t end, std::vector<int32_t>& out) const;

 private:
  const std::byte* data_;
  uint64_t count_;
  uint32_t token_bytes_;
};

/// A document in a shard; views into the mapped file, valid as long as the shard.
struct DocumentView {
  std::string_view id;
  std::string_view source;
  std::string_view language;
  uint64_t text_bytes = 0;       ///< Of the cleaned text in UTF-8: the divisor of bits per byte.
  uint64_t text_characters = 0;  ///< Code points.
  TokenView tokens;              ///< BOS and EOS included where the vocabulary has them.
  std::span<const uint8_t>
      mask;  ///< Empty: every token is trained. Else one byte a token, 1 = trained as a target.
};

class Shard {
 public:
  enum class Verify {
    structure,   ///< Header, table and names.
    everything,  ///< Also the checksum of all bytes and each id against the vocabulary.
  };

  /// Maps the file. Throws data naming the file, the offset and what to do, storage when it cannot be read.
  explicit Shard(const std::filesystem::path& path, Verify verify = Verify::everything);

  const ShardHeader& header() const { return header_; }
  const std::filesystem::path& path() const { return path_; }
  /// index < header().documents.
  DocumentView document(uint64_t index) const;
  uint64_t length(uint64_t index) const;
  const std::vector<std::string>& sources() const { return sources_; }
  const std::vector<std::string>& languages() const { return languages_; }

 private:
  struct Row;
  void read_header();
  void check_table() const;
  void read_names();
  void check_content() const;
  Row row(uint64_t index) const;

  std::filesystem::path path_;
  base::MappedFile file_;
  ShardHeader header_;
  uint64_t table_ = 0, tokens_ = 0, mask_ = 0, ids_ = 0, names_ = 0, names_bytes_ = 0;
  std::vector<std::string> sources_, languages_;
};

}  // namespace hone::dataset
