#pragma once
/// The streams of an OLE compound file ([MS-CFB]) in memory, by libgsf.
///
/// Invariant: no stream gives more bytes than the file has, whatever its directory entry claims, and reading
/// ends whatever its chain of sectors does. Nothing is opened: libgsf is handed the bytes.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hone::document {

/// Registers libgsf's types with GLib, which looks for its catalogues of messages: once, before the process
/// locks itself in.
void open_ole_files();

class OleFile {
 public:
  /// `content` must outlive the object. Throws data when it is no OLE file or its tables are broken.
  explicit OleFile(std::string_view content);
  ~OleFile();
  OleFile(const OleFile&) = delete;
  OleFile& operator=(const OleFile&) = delete;

  /// Names below the root, or below the storage `storage` of the root; empty when there is none.
  std::vector<std::string> names(const char* storage = nullptr) const;
  /// Whether the root holds a stream or storage of this name.
  bool has(const char* name) const;
  /// The bytes of a stream of the root, or of the storage `storage` of the root; "" when there is none.
  /// Throws data when the stream is cut off.
  std::string stream(const char* name, const char* storage = nullptr) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hone::document
