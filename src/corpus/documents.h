#pragma once
/// Reads documents.jsonl.zst, one document at a time, as clean() wrote it.
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "corpus/split.h"
#include "document/document.h"

namespace hone::corpus {

struct CleanDocument {
  std::string id;
  std::string source, path, title, licence, access;  ///< Empty where nothing is known.
  std::string language;
  Side side = Side::train;
  std::string text;
  std::string record;                 ///< Of instruction data: its format, as Document::record. Empty for running text.
  std::vector<document::Part> parts;  ///< Of a record: bytes of `text`, none of them empty.
};

class DocumentReader {
 public:
  /// `corpus` is the folder that clean() filled, or the file itself. Throws data when it is not there.
  explicit DocumentReader(const std::filesystem::path& corpus);
  ~DocumentReader();
  DocumentReader(DocumentReader&&) noexcept;
  DocumentReader& operator=(DocumentReader&&) noexcept;

  /// Nothing at the end. Throws data with file and line when a line is not what clean() writes.
  std::optional<CleanDocument> next();
  uint64_t bytes_read() const;  ///< Of the file as stored.

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hone::corpus
