#pragma once
/// Records in files, found again by place: what documents are between two passes, and what a later run may use again.
///
/// A file is the eight bytes "HONEREC1", then records: XXH3-64 of the bytes (eight bytes, little-endian), the bytes. Records are
/// appended to one new file; older files are mapped and only read. Each record is checked when it is read: one that differs from what
/// was written throws DamagedRecord.
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/files.h"

namespace hone::corpus {

/// What an earlier run left cannot be read as it was written. The remedy is always the same: do without it.
class DamagedRecord : public Error {
 public:
  explicit DamagedRecord(const std::string& what) : Error(ExitCode::data, what) {}
};

struct Place {
  uint32_t file = 0;  ///< 0: the new file; else 1 + its number among the older ones.
  uint32_t size = 0;
  uint64_t offset = 0;  ///< Of the checksum.
  bool operator==(const Place&) const = default;
};

class RecordStore {
 public:
  /// The new file is made in `folder` on the first append. Without a name it is deleted at once and takes up room only while open;
  /// else it stays where it is, for keep().
  explicit RecordStore(std::filesystem::path folder, std::string name = {});
  ~RecordStore();

  /// Maps an older file and returns the number its places bear. Throws DamagedRecord when it is no file of records.
  uint32_t add_older(const std::filesystem::path& file);

  /// One thread at a time, beside any number of readers. Throws storage.
  Place append(std::string_view record);
  uint64_t appended_bytes() const { return end_; }

  /// The record; `memory` holds it where it does not lie in a mapped file. Any number of threads.
  std::string_view read(Place place, std::string& memory) const;

  /// Writes out what is buffered and brings the new file to disk under its name. Nothing may be appended afterwards.
  void keep();

 private:
  void open_new();
  void flush();
  void read_new(Place place, std::string& memory) const;

  std::filesystem::path folder_;
  std::string name_;
  base::FileDescriptor file_;
  std::vector<base::MappedFile> older_;
  std::string buffer_;
  mutable std::mutex mutex_;  ///< Guards buffer_ and flushed_ against readers.
  uint64_t flushed_ = 0, end_ = 0;
};

}  // namespace hone::corpus
