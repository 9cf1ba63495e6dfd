#include "document/format.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/error.h"

namespace hone::document {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return result;
}

/// "guide.md.gz" → "md"; "" when there is none.
std::string extension(std::string_view path) {
  std::string name = lower(path.substr(path.rfind('/') + 1));
  for (const std::string_view packed : {".gz", ".zst", ".zstd"})
    if (name.size() > packed.size() && name.ends_with(packed)) {
      name.resize(name.size() - packed.size());
      break;
    }
  const size_t dot = name.rfind('.');
  return dot == std::string::npos || dot == 0 ? "" : name.substr(dot + 1);
}

constexpr std::array<std::pair<std::string_view, Format>, 18> kByName = {{
    {"txt", Format::text},
    {"text", Format::text},
    {"log", Format::text},
    {"md", Format::markdown},
    {"markdown", Format::markdown},
    {"mdx", Format::markdown},
    {"mkd", Format::markdown},
    {"html", Format::html},
    {"htm", Format::html},
    {"xhtml", Format::html},
    {"shtml", Format::html},
    {"csv", Format::csv},
    {"tsv", Format::csv},
    {"tab", Format::csv},
    {"jsonl", Format::jsonl},
    {"ndjson", Format::jsonl},
    {"jsonlines", Format::jsonl},
    {"json", Format::jsonl},
}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 38> kUnreadableNames = {{
    {"pdf", "a PDF document"},
    {"docx", "a Word document (docx)"},
    {"doc", "a Word document (doc)"},
    {"odt", "an OpenDocument text"},
    {"rtf", "a Rich Text document"},
    {"hwp", "a Hangul document (hwp)"},
    {"hwpx", "a Hangul document (hwpx)"},
    {"pptx", "a presentation (pptx)"},
    {"ppt", "a presentation (ppt)"},
    {"odp", "a presentation (odp)"},
    {"xlsx", "a spreadsheet (xlsx)"},
    {"xls", "a spreadsheet (xls)"},
    {"ods", "a spreadsheet (ods)"},
    {"epub", "an e-book (epub)"},
    {"eml", "a mail message (eml)"},
    {"msg", "a mail message (msg)"},
    {"mbox", "a mailbox (mbox)"},
    {"parquet", "a Parquet table"},
    {"arrow", "an Arrow table"},
    {"zip", "a ZIP archive"},
    {"tar", "a tar archive"},
    {"tgz", "a tar archive"},
    {"7z", "a 7-Zip archive"},
    {"xz", "an xz file"},
    {"bz2", "a bzip2 file"},
    {"png", "a picture"},
    {"jpg", "a picture"},
    {"jpeg", "a picture"},
    {"gif", "a picture"},
    {"webp", "a picture"},
    {"svg", "a picture"},
    {"ico", "a picture"},
    {"css", "a style sheet"},
    {"js", "a script"},
    {"woff2", "a font"},
    {"ttf", "a font"},
    {"mp4", "a film"},
    {"mp3", "a sound recording"},
}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kMagic = {{
    {"%PDF-", "a PDF document"},
    {"PK\x03\x04", "a ZIP archive or an office document"},
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old office document (OLE)"},
    {"{\\rtf", "a Rich Text document"},
    {"\x89PNG", "a picture"},
    {"\xFF\xD8\xFF", "a picture"},
    {"GIF8", "a picture"},
    {"\x7F"
     "ELF",
     "a program"},
    {"PAR1", "a Parquet table"},
    {"BZh", "a bzip2 file"},
    {"\xFD"
     "7zXZ",
     "an xz file"},
    {"7z\xBC\xAF", "a 7-Zip archive"},
    {"SQLite format 3", "a database"},
}};

bool looks_like_html(std::string_view head) {
  const std::string text = lower(head.substr(0, 1024));
  const size_t start = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (start == std::string::npos) return false;
  const std::string_view rest = std::string_view(text).substr(start);
  return rest.starts_with("<!doctype html") || rest.starts_with("<html") ||
         (rest.starts_with("<?xml") && rest.find("<html") != std::string_view::npos);
}

}  // namespace

std::variant<Format, Unreadable> recognise(std::string_view name, std::string_view head) {
  for (const auto& [magic, what] : kMagic)
    if (head.starts_with(magic)) return Unreadable{std::string(what)};
  const std::string ending = extension(name);
  for (const auto& [known, format] : kByName)
    if (ending == known) return format;
  for (const auto& [known, what] : kUnreadableNames)
    if (ending == known) return Unreadable{std::string(what)};
  return looks_like_html(head) ? Format::html : Format::text;
}

Format format_named(std::string_view name) {
  if (name.empty() || name == "auto") return Format::automatic;
  if (name == "txt" || name == "text") return Format::text;
  if (name == "markdown" || name == "md") return Format::markdown;
  if (name == "html") return Format::html;
  if (name == "csv" || name == "tsv") return Format::csv;
  if (name == "jsonl") return Format::jsonl;
  throw Error(ExitCode::usage, "\"" + std::string(name) +
                                   "\" is no document format; use auto, txt, markdown, html, csv or jsonl");
}

}  // namespace hone::document
