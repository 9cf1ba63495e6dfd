#pragma once
/// Tables from a digest to a few bytes, in one file that is mapped and searched where it lies.
///
///   "HONEMEM1", then little-endian: u64 size of the header, u64 XXH3-64 of the header; the header (MemoHeader, packed, then for each
///   table: entries, bytes of values, XXH3-64 of both); then for each table its entries, sorted by digest (digest 16, offset u64,
///   size u64: 32 bytes each), and its values.
/// The file is replaced in one step, so that a reader sees an old one or a new one. Nothing in it is believed before its sums agree.
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "corpus/digest.h"

namespace hone::corpus {

enum class Table { file, input, body, state, settled, frame };
inline constexpr size_t kTables = 6;

struct MemoPack {
  uint32_t serial = 0;  ///< pack-000007.records has 7; never used twice.
  uint64_t size = 0;    ///< Bytes of the file.
  uint64_t live = 0;    ///< Bytes of records that the latest run used.
};

struct MemoHeader {
  std::string build;   ///< What made it; another build uses the table of files alone.
  uint64_t seed = 0;   ///< Of the digests that are keys here.
  std::string corpus;  ///< Folder of the corpus whose frames the table of frames describes, seen from the folder above the memo's.
  std::vector<MemoPack> packs;
};

class MemoIndex {
 public:
  /// Nothing when there is no such file. Throws DamagedRecord when it is not as it was written.
  static std::optional<MemoIndex> open(const std::filesystem::path& file);

  const MemoHeader& header() const { return header_; }
  /// Any number of threads; valid as long as the index.
  std::optional<std::string_view> find(Table table, const Digest& key) const;

 private:
  struct Part {
    std::string_view entries, values;
  };
  base::MappedFile file_;
  MemoHeader header_;
  std::array<Part, kTables> parts_;
};

/// Collects entries and writes them. An entry given twice is written once.
class MemoIndexBuilder {
 public:
  void put(Table table, const Digest& key, std::string_view value);
  /// Replaces `file`, durably. Called once.
  void write(const std::filesystem::path& file, const MemoHeader& header);

 private:
  struct Entry {
    Digest key;
    uint64_t offset = 0, size = 0;
  };
  struct Part {
    std::vector<Entry> entries;
    std::string values;
  };
  std::array<Part, kTables> parts_;
};

}  // namespace hone::corpus
