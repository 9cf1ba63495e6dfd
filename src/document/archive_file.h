#pragma once
/// An archive as a row of members, by libarchive: zip, tar (plain or packed by gzip, bzip2, xz, lzma, zstd,
/// lz4), 7z, rar, cab, cpio, lha, and a single file packed by bzip2 or xz. libarchive is handed bytes and may
/// start no other program.
///
/// Names of members are labels: none is ever opened, created or followed, wherever it says it leads.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hone::document {

/// Looks for what libarchive wants of the system (a locale in which names may hold more than ASCII): once,
/// before the process locks itself in.
void open_archives();

struct ArchiveMember {
  std::string name;   ///< UTF-8; "" when the archive gives none.
  bool file = false;  ///< A regular file; else a folder, a link or a device, which have no content.
  bool encrypted = false;
};

class ArchiveFile {
 public:
  /// Reads from `fd` from its start, or from `memory`, which must outlive the object. `name` is the archive's
  /// own: a packed single file is called like it, without its ending. Throws Refused (encrypted) or
  /// Error(data) when it is no archive.
  ArchiveFile(int fd, const std::string& name);
  ArchiveFile(std::string_view memory, const std::string& name);
  ~ArchiveFile();
  ArchiveFile(const ArchiveFile&) = delete;
  ArchiveFile& operator=(const ArchiveFile&) = delete;

  /// The next member; false at the end. What is left of the one before is passed over. Throws Error(data)
  /// when the rest cannot be read.
  bool next(ArchiveMember& member);
  /// Up to `capacity` bytes of the member's content; 0 at its end. Throws Error(data) when it is damaged,
  /// Refused(encrypted) when it turns out to be locked.
  size_t read(char* out, size_t capacity);

  uint64_t stored_size() const;  ///< Of the archive.
  uint64_t stored_done() const;  ///< Taken of it so far.
  /// Whether the archive is packed as one stream: what lies before a member must be unpacked to reach it.
  bool one_stream() const;
  uint64_t unpacked()
      const;  ///< Bytes that came out of that stream so far, read or passed over; 0 when there is none.

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hone::document
