#pragma once
/// Documents between two passes: compressed one by one in a file without a name, read back in any order.
///
/// Memory: eight bytes a document. The file is deleted from its folder at once, so nothing is left behind when the process dies.
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"

namespace hone::corpus {

class Archive {
 public:
  /// Opens the file in `folder`, where there should be room for about half the size of the corpus. Throws storage.
  explicit Archive(const std::filesystem::path& folder);

  /// One record, as packed() makes it; returns its number. Not to be called beside other members.
  uint64_t append(std::string_view packed);
  uint64_t size() const { return offsets_.size() - 1; }

  /// The record as it was before packing. Any number of threads. Throws storage when it cannot be read back.
  std::string record(uint64_t index) const;
  /// Of the document in record `index`.
  std::string id(uint64_t index) const;
  std::string text(uint64_t index) const;

  static std::string packed(std::string_view record);

 private:
  base::FileDescriptor file_;
  std::filesystem::path folder_;
  std::vector<uint64_t> offsets_{0};
};

}  // namespace hone::corpus
