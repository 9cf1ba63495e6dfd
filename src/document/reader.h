#pragma once
/// One file in, documents and rejections out: the inside of hone-read, without processes.
///
/// A reader fills in what the file itself says (row, title, text, own id …); names of sources and final ids
/// are given later by DocumentStream. Readers throw Error(data) when the rest of a file cannot be read and
/// std::bad_alloc when memory is short; read_file turns the former into a rejection.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "document/document.h"
#include "document/limits.h"
#include "document/records.h"

namespace hone::document {

/// `pdf` is what poppler says of a PDF file, not the file itself (pdf_reader.h). `docx`, `pptx`, `xlsx`,
/// `odt` (any OpenDocument) and `hwpx` are one reader that looks inside (office_reader.h); `archive` is
/// whatever libarchive opens.
enum class Format {
  automatic,
  text,
  markdown,
  html,
  csv,
  jsonl,
  pdf,
  docx,
  pptx,
  xlsx,
  odt,
  hwpx,
  hwp,
  eml,
  mbox,
  archive
};

/// A PDF document inside another file (an attachment, a member of an archive). Only the parent can start
/// poppler, so the bytes go back to it, and what comes of them takes the place of this: `row`, `id` and the
/// document's other fields are as they would be in the Document.
struct Nested {
  uint64_t row = 0;
  std::string id;    ///< As Document::id would be.
  std::string name;  ///< Of the file inside, for its messages.
  std::string bytes;
};

/// Where a reader leaves its results.
class Output {
 public:
  virtual ~Output() = default;
  /// Called once before the items: whether each row of the file is a document, or the file is one.
  virtual void begin(bool rows) = 0;
  virtual void item(Item item) = 0;
  /// Where nobody stands behind the output that could read it, a rejection that says so.
  virtual void nested(Nested pdf);
  /// Called every few megabytes of a file of many rows: `stored_bytes` of it are done.
  virtual void progress(uint64_t stored_bytes) = 0;
};

class NestingBudget;

/// Where among files inside files this one is (nested.h).
struct Nesting {
  NestingBudget* budget = nullptr;  ///< Of the outermost file; null for a file that lies in none.
  int mails = 0, archives = 0;      ///< Containers around it.
};

struct Input {
  int fd = -1;       ///< Open for reading, at its start; stays the caller's.
  std::string name;  ///< Decides the format with the first bytes; never opened.
  Format format = Format::automatic;
  std::string text_field;
  RecordFormat records;  ///< Rows of instruction data instead of text: JSON Lines, JSON arrays and CSV alone.
  uint64_t first_row =
      0;  ///< Rows up to this one were read before, or are not to be read: they are passed over.
  ReaderLimits limits;
  Nesting nesting;
};

/// A file or a part of it that a reader declines, with one of the reasons of document.h. An Error(data) of
/// another type is `damaged`.
class Refused final : public Error {
 public:
  Refused(const char* reason, const std::string& message) : Error(ExitCode::data, message), reason_(reason) {}
  const char* reason() const { return reason_; }

 private:
  const char* reason_;
};

/// Reads all of `input`. Never throws for what is in the file, except std::bad_alloc.
void read_file(const Input& input, Output& output);

/// Reads a file that lies in memory, packed or not: a mail's attachment, a member of an archive. Its format is looked for
/// when `input.format` is automatic; `input.fd` is not used. Throws as readers do.
void read_content(std::string content, const Input& input, Output& output);

/// "txt", "markdown", "html", "csv", "jsonl", "" or "auto"; throws usage for other words.
Format format_named(std::string_view name);

/// A rejection of the whole file or of `row` in it.
Rejection rejection(const char* reason, std::string message, uint64_t bytes, uint64_t row = 0);

// One for each format; `content` is the whole inflated file.
void read_text(std::string content, const Input& input, Output& output);
void read_markdown(std::string content, const Input& input, Output& output);
void read_html(std::string content, const Input& input, Output& output);
void read_csv(std::string content, const Input& input, Output& output);
void read_pdf(std::string content, const Input& input, Output& output);
void read_office(std::string content, const Input& input, Output& output);
void read_hwp(std::string content, const Input& input, Output& output);
void read_eml(std::string content, const Input& input, Output& output);

class InflatedFile;
void read_jsonl(InflatedFile& file, std::string_view head, const Input& input, Output& output);
void read_mbox(InflatedFile& file, std::string_view head, const Input& input, Output& output);
/// `file` as it is stored, for archives that are read from their end: input.fd, or `content` where it lies in memory.
void read_archive(std::string_view content, const Input& input, Output& output);

}  // namespace hone::document
