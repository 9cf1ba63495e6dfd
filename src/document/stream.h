#pragma once
/// All documents of a run, one after the other, in an order that depends on names alone.
///
/// Order: sources as given, files by path bytes, rows as they stand in the file. Parsing happens in `threads` sandboxed children
/// (hone-read), ahead of the caller by a bounded amount; memory is bounded whatever the size of a file.
/// Ids are unique: the second document with an id gets "~2" behind it, the third "~3".
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "document/document.h"
#include "document/limits.h"
#include "document/ocr.h"
#include "document/records.h"

namespace hone::document {

/// One entry of `corpus.sources`. `pattern` is what base::glob understands; `files`, when not empty, is used instead.
struct SourceSpec {
  std::string name;  ///< Empty: the last plain part of the pattern. Rows of JSON Lines may carry their own `source`.
  std::string pattern;
  std::vector<std::filesystem::path> files;
  std::string licence;
  std::string access;
  std::string origin;
  bool measured_only = false;  ///< Its documents are never trained on.
  std::string format;  ///< "" or "auto": by file name and first bytes. Else txt, markdown, html, csv, jsonl.
  /// JSON Lines: field that holds the text, dots lead into objects ("document.body"). CSV: column whose cells are one document
  /// each; empty: the table is one document. Empty for JSON Lines: "text".
  std::string text_field;
  RecordFormat records;  ///< Rows of instruction data instead of text.
};

struct ReaderOptions {
  int threads = 0;                   ///< Children; 0: one for each processor.
  std::filesystem::path program;     ///< hone-read; empty: beside the running program, then ../bin, then PATH.
  ReaderLimits limits;
  OcrSettings ocr;
  bool test_faults = false;       ///< Only for tests: texts can tell hone-read to misbehave (faults.h).
};

class DocumentStream {
 public:
  /// Looks the files up and starts nothing yet. Throws data when a pattern matches no file or names an empty folder, naming it.
  DocumentStream(std::vector<SourceSpec> sources, ReaderOptions options = {});
  ~DocumentStream();
  DocumentStream(DocumentStream&&) noexcept;
  DocumentStream& operator=(DocumentStream&&) noexcept;

  /// Files whose documents the caller knows already. `knows` is asked once for each file before the first next(); `items` gives what was
  /// read of it, in order, with ids as they were before they were made unique; a document has `recalled` set and needs only id, source
  /// and row. Both are called on the thread of next(), with the file's number in files().
  struct Recall {
    std::function<bool(size_t file)> knows;
    std::function<std::vector<Item>(size_t file)> items;
  };
  /// Before the first next().
  void recall(Recall recall);
  /// SHA-256 of every file, as in files(), where the caller has them: they are not read twice for it.
  void take_sha256(std::vector<std::string> hex);

  /// The next document or rejection; nothing at the end. Throws internal when hone-read cannot be run at all.
  std::optional<Item> next();

  size_t file() const;                   ///< Number of the file of the item that next() gave last.
  const std::string& wanted_id() const;  ///< Its id before it was made unique.
  uint64_t bytes_total() const;     ///< Of all files as stored.
  uint64_t bytes_done() const;      ///< Of the files as stored, as far as next() has come.
  uint64_t files_total() const;
  uint64_t renamed_ids() const;     ///< Documents whose id was taken and got "~n".
  const std::vector<SourceSpec>& sources() const;
  size_t source_of(size_t file) const;              ///< Index into sources().
  const std::string& name_of(size_t file) const;  ///< As in Document::path.
  /// Every input file in order: what a fingerprint of the inputs covers.
  std::vector<std::filesystem::path> files() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hone::document
