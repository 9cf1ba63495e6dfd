#include "document/reader.h"

#include <algorithm>

#include "document/format.h"
#include "document/inflate.h"

namespace hone::document {
namespace {

constexpr size_t kHead = 4096;
constexpr size_t kBlock = 1 << 13;  // most documents are small, and room is filled with zeros first

std::string read_head(InflatedFile& file) {
  std::string head(kHead, '\0');
  size_t size = 0;
  while (size < head.size()) {
    const size_t got = file.read(head.data() + size, head.size() - size);
    if (got == 0) break;
    size += got;
  }
  head.resize(size);
  return head;
}

/// False when there is more than `max_bytes`.
bool read_rest(InflatedFile& file, std::string& content, uint64_t max_bytes) {
  for (;;) {
    if (content.size() > max_bytes) return false;
    const size_t size = content.size();
    content.resize(size + std::max(kBlock, std::min<size_t>(size, max_bytes)));
    const size_t got = file.read(content.data() + size, content.size() - size);
    content.resize(size + got);
    if (got == 0) return true;
  }
}

/// A whole document in memory to its reader. The place where formats that are one document get theirs.
void dispatch(std::string content, Format format, const Input& input, Output& output) {
  switch (format) {
    case Format::text:
      return read_text(std::move(content), input, output);
    case Format::markdown:
      return read_markdown(std::move(content), input, output);
    case Format::html:
      return read_html(std::move(content), input, output);
    case Format::csv:
      return read_csv(std::move(content), input, output);
    case Format::docx:
    case Format::pptx:
    case Format::xlsx:
    case Format::odt:
    case Format::hwpx:
      return read_office(std::move(content), input, output);
    case Format::hwp:
      return read_hwp(std::move(content), input, output);
    case Format::pdf:
      return read_pdf(std::move(content), input, output);
    case Format::eml:
      return read_eml(std::move(content), input, output);
    case Format::mbox:
    case Format::archive:
    case Format::jsonl:
    case Format::automatic:
      break;
  }
  throw Refused(reason::kUnreadableFormat, "is of a format that Hone does not read here");
}

/// The format of an OLE file is known when all of it is there. Throws Refused for those that are not read.
Format settled(Format format, std::string_view content) {
  if (!is_ole(content)) return format;
  const Recognised kind = ole_kind(content);
  if (const auto* unreadable = std::get_if<Unreadable>(&kind))
    throw Refused(unreadable->reason, sentence(*unreadable));
  return std::get<Format>(kind);
}

void read_whole(InflatedFile& file, std::string content, Format format, const Input& input, Output& output) {
  // A mail's text and its attachments are rows: one that its reader cannot stand costs itself alone.
  const bool rows = format == Format::eml || (format == Format::csv && (!input.text_field.empty() || input.records.on()));
  output.begin(rows);
  if (!rows && input.first_row > 0) return;
  const uint64_t limit = input.limits.max_document_bytes;
  if (!read_rest(file, content, limit))
    throw Refused(reason::kTooLarge,
                  "is larger than " + std::to_string(limit) + " bytes as one document; split it");
  if (content.find_first_not_of(" \t\r\n") == std::string::npos) throw Refused(reason::kNoText, "is empty");
  format = settled(format, content);
  dispatch(std::move(content), format, input, output);
}

/// Keeps what was read of a file past the end of its scope.
struct Counted {
  const InflatedFile& file;
  uint64_t& bytes;
  ~Counted() { bytes = file.inflated_bytes(); }
};

/// `asked`, or what the file is. Throws Refused for what is not read.
Format format_of(Format asked, std::string_view name, std::string_view head) {
  if (asked != Format::automatic) return asked;
  const Recognised recognised = recognise(name, head);
  if (const auto* unreadable = std::get_if<Unreadable>(&recognised))
    throw Refused(unreadable->reason, sentence(*unreadable));
  return std::get<Format>(recognised);
}

/// Rows of instruction data lie in few formats; a file with another ending is JSON when it begins so.
Format record_format(Format format, std::string_view head) {
  if (format == Format::jsonl || format == Format::csv || format == Format::archive) return format;
  const size_t first = head.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (format == Format::text && first != std::string_view::npos && (head[first] == '{' || head[first] == '[')) return Format::jsonl;
  throw Refused(reason::kUnreadableFormat, "holds no rows: instruction data is read from JSON Lines, JSON and CSV files; take it out of the source, or give it a source of its own with format: text");
}

/// Files of many documents are read as a stream, all others whole. `stored`: the file, where it lies in memory.
void read_opened(InflatedFile& file, std::string_view stored, const Input& input, Output& output) {
  std::string head = read_head(file);
  Format format = format_of(input.format, input.name, head);
  if (input.records.on()) format = record_format(format, head);
  switch (format) {
    case Format::jsonl:
      return read_jsonl(file, head, input, output);
    case Format::mbox:
      return read_mbox(file, head, input, output);
    case Format::archive:
      return read_archive(stored, input, output);
    default:
      return read_whole(file, std::move(head), format, input, output);
  }
}

}  // namespace

void Output::nested(Nested pdf) {
  Rejection refused =
      rejection(reason::kUnreadableFormat, "is a PDF document inside a file; take it out and read it alone",
                pdf.bytes.size(), pdf.row);
  refused.id = std::move(pdf.id);
  item(std::move(refused));
}

Rejection rejection(const char* why, std::string message, uint64_t bytes, uint64_t row) {
  Rejection result;
  result.reason = why;
  result.message = std::move(message);
  result.bytes = bytes;
  result.row = row;
  return result;
}

void read_content(std::string content, const Input& input, Output& output) {
  InflatedFile file{std::string_view(content)};
  read_opened(file, content, input, output);
}

void read_file(const Input& input, Output& output) {
  uint64_t bytes = 0;  // read when it was declined
  try {
    InflatedFile file(input.fd);
    const Counted counted{file, bytes};
    read_opened(file, {}, input, output);
  } catch (const Refused& refused) {
    output.item(rejection(refused.reason(), refused.what(), bytes));
  } catch (const Error& error) {
    output.item(rejection(error.code() == ExitCode::data ? reason::kDamaged : reason::kUnreadableFile,
                          error.what(), bytes));
  }
}

}  // namespace hone::document
