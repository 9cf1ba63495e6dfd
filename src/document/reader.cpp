#include "document/reader.h"

#include <algorithm>

#include "base/error.h"
#include "document/format.h"
#include "document/inflate.h"

namespace hone::document {
namespace {

constexpr size_t kHead = 4096;
constexpr size_t kBlock = 1 << 16;

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

void read_whole(InflatedFile& file, std::string content, Format format, const Input& input, Output& output) {
  const bool rows = format == Format::csv && !input.text_field.empty();
  output.begin(rows);
  if (!rows && input.first_row > 0) return;
  const uint64_t limit = input.limits.max_document_bytes;
  if (!read_rest(file, content, limit)) {
    output.item(rejection(reason::kTooLarge,
                          "is larger than " + std::to_string(limit) + " bytes as one document; split it",
                          content.size()));
    return;
  }
  if (content.find_first_not_of(" \t\r\n") == std::string::npos) {
    output.item(rejection(reason::kNoText, "is empty", content.size()));
    return;
  }
  switch (format) {
    case Format::markdown:
      return read_markdown(std::move(content), input, output);
    case Format::html:
      return read_html(std::move(content), input, output);
    case Format::csv:
      return read_csv(std::move(content), input, output);
    case Format::text:
      return read_text(std::move(content), input, output);
    case Format::automatic:
    case Format::jsonl:
    default:
      break;
  }
  HONE_ASSERT(false);
}

}  // namespace

void Output::nested(Nested pdf) {
  Rejection refused = rejection(reason::kUnreadableFormat, "is a PDF document inside a file; take it out and read it alone", pdf.bytes.size(), pdf.row);
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

void read_file(const Input& input, Output& output) {
  try {
    InflatedFile file(input.fd);
    std::string head = read_head(file);
    Format format = input.format;
    if (format == Format::automatic) {
      const auto recognised = recognise(input.name, head);
      if (const auto* unreadable = std::get_if<Unreadable>(&recognised)) {
        output.item(
            rejection(reason::kUnreadableFormat, "is " + unreadable->what + ", which Hone does not read", 0));
        return;
      }
      format = std::get<Format>(recognised);
    }
    if (format == Format::jsonl) return read_jsonl(file, head, input, output);
    read_whole(file, std::move(head), format, input, output);
  } catch (const Error& error) {
    output.item(rejection(error.code() == ExitCode::data ? reason::kDamaged : reason::kUnreadableFile,
                          error.what(), 0));
  }
}

}  // namespace hone::document
