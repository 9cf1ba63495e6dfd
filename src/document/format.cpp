#include "document/format.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"
#include "document/mail_kind.h"

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

/// Macros, templates and shows have the same parts inside as plain documents.
constexpr std::pair<std::string_view, Format> kByName[] = {
    {"txt", Format::text},     {"text", Format::text},         {"log", Format::text},
    {"md", Format::markdown},  {"markdown", Format::markdown}, {"mdx", Format::markdown},
    {"mkd", Format::markdown}, {"html", Format::html},         {"htm", Format::html},
    {"xhtml", Format::html},   {"shtml", Format::html},        {"csv", Format::csv},
    {"tsv", Format::csv},      {"tab", Format::csv},           {"jsonl", Format::jsonl},
    {"ndjson", Format::jsonl}, {"jsonlines", Format::jsonl},   {"json", Format::jsonl},
    {"pdf", Format::pdf},      {"docx", Format::docx},         {"docm", Format::docx},
    {"dotx", Format::docx},    {"dotm", Format::docx},         {"pptx", Format::pptx},
    {"pptm", Format::pptx},    {"ppsx", Format::pptx},         {"ppsm", Format::pptx},
    {"potx", Format::pptx},    {"potm", Format::pptx},         {"xlsx", Format::xlsx},
    {"xlsm", Format::xlsx},    {"xltx", Format::xlsx},         {"xltm", Format::xlsx},
    {"odt", Format::odt},      {"ott", Format::odt},           {"odm", Format::odt},
    {"ods", Format::odt},      {"ots", Format::odt},           {"odp", Format::odt},
    {"otp", Format::odt},      {"fodt", Format::odt},          {"fods", Format::odt},
    {"fodp", Format::odt},     {"hwpx", Format::hwpx},         {"hwtx", Format::hwpx},
    {"hwp", Format::hwp},      {"hwt", Format::hwp},           {"eml", Format::eml},
    {"emlx", Format::eml},     {"mbox", Format::mbox},         {"mbx", Format::mbox},
    {"zip", Format::archive},  {"tar", Format::archive},       {"tgz", Format::archive},
    {"tbz", Format::archive},  {"tbz2", Format::archive},      {"txz", Format::archive},
    {"tzst", Format::archive}, {"7z", Format::archive},        {"xz", Format::archive},
    {"bz2", Format::archive},  {"cpio", Format::archive},      {"rar", Format::archive},
    {"lzh", Format::archive},
};

struct NamedUnreadable {
  std::string_view mark;  ///< An ending of names, or first bytes.
  const char* what;
  const char* advice = "";
};

constexpr NamedUnreadable kUnreadableNames[] = {
    {"doc", "a Word document of the old kind (doc)", "save it as .docx"},
    {"dot", "a Word template of the old kind (dot)", "save it as .docx"},
    {"ppt", "a presentation of the old kind (ppt)", "save it as .pptx"},
    {"pps", "a presentation of the old kind (pps)", "save it as .pptx"},
    {"xls", "a spreadsheet of the old kind (xls)", "save it as .xlsx"},
    {"xlsb", "a binary spreadsheet (xlsb)", "save it as .xlsx"},
    {"msg", "an Outlook message (msg)", "save it as .eml"},
    {"pst", "an Outlook store (pst)", "export its folders as .mbox or .eml"},
    {"rtf", "a Rich Text document", "save it as .docx"},
    {"hml", "a Hangul document in XML (hml)", "save it as .hwpx"},
    {"hwpml", "a Hangul document in XML (hwpml)", "save it as .hwpx"},
    {"cell", "a Hancom spreadsheet (cell)", "save it as .xlsx"},
    {"show", "a Hancom presentation (show)", "save it as .pptx"},
    {"pages", "a Pages document", "export it as .docx"},
    {"numbers", "a Numbers spreadsheet", "export it as .xlsx"},
    {"key", "a Keynote presentation", "export it as .pptx"},
    {"epub", "an e-book (epub)", "unpack it: its chapters are .xhtml files"},
    {"alz", "an ALZip archive (alz)", "pack it as .zip"},
    {"egg", "an ALZip archive (egg)", "pack it as .zip"},
    {"parquet", "a Parquet table", "export it as .jsonl or .csv"},
    {"arrow", "an Arrow table", "export it as .jsonl or .csv"},
    {"png", "a picture"},
    {"jpg", "a picture"},
    {"jpeg", "a picture"},
    {"gif", "a picture"},
    {"webp", "a picture"},
    {"tif", "a picture"},
    {"tiff", "a picture"},
    {"bmp", "a picture"},
    {"svg", "a picture"},
    {"ico", "a picture"},
    {"css", "a style sheet"},
    {"js", "a script"},
    {"woff2", "a font"},
    {"ttf", "a font"},
    {"mp4", "a film"},
    {"mp3", "a sound recording"},
};

constexpr NamedUnreadable kUnreadableMagic[] = {
    {"{\\rtf", "a Rich Text document", "save it as .docx"},
    {"HWP Document File V", "a Hangul document of before 2000 (HWP 3)", "save it as .hwpx"},
    {"\x89PNG", "a picture"},
    {"\xFF\xD8\xFF", "a picture"},
    {"GIF8", "a picture"},
    {"\x7F"
     "ELF",
     "a program"},
    {"ALZ\x01", "an ALZip archive (alz)", "pack it as .zip"},
    {"EGGA", "an ALZip archive (egg)", "pack it as .zip"},
    {"PAR1", "a Parquet table", "export it as .jsonl or .csv"},
    {"SQLite format 3", "a database", "export its texts as .jsonl"},
};

constexpr std::pair<std::string_view, Format> kMagic[] = {
    {"%PDF-", Format::pdf},
    {"BZh", Format::archive},
    {"\xFD"
     "7zXZ",
     Format::archive},
    {"7z\xBC\xAF\x27\x1C", Format::archive},
    {"Rar!\x1A\x07", Format::archive},
};

constexpr size_t kTarMagicAt = 257;  // POSIX.1-1988 ustar header

Unreadable unreadable(const NamedUnreadable& named) { return {named.what, named.advice}; }

bool looks_like_html(std::string_view head) {
  const std::string text = lower(head.substr(0, 1024));
  const size_t start = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (start == std::string::npos) return false;
  const std::string_view rest = std::string_view(text).substr(start);
  return rest.starts_with("<!doctype html") || rest.starts_with("<html") ||
         (rest.starts_with("<?xml") && rest.find("<html") != std::string_view::npos);
}

/// nullopt when the name says nothing.
std::optional<Recognised> by_name(std::string_view ending) {
  for (const auto& [known, format] : kByName)
    if (ending == known) return format;
  for (const NamedUnreadable& named : kUnreadableNames)
    if (ending == named.mark) return unreadable(named);
  return std::nullopt;
}

/// A ZIP file that does not say what it is: an office format or an archive by its name, else an archive.
Recognised zip_by_name(std::string_view ending) {
  const auto named = by_name(ending);
  if (!named) return Format::archive;
  if (std::holds_alternative<Unreadable>(*named)) return *named;
  switch (const Format format = std::get<Format>(*named)) {
    case Format::docx:
    case Format::pptx:
    case Format::xlsx:
    case Format::odt:
    case Format::hwpx:
      return format;
    default:
      return Format::archive;
  }
}

}  // namespace

Recognised recognise(std::string_view name, std::string_view head) {
  const std::string ending = extension(name);
  if (is_zip(head)) {
    const std::optional<Format> told = zip_kind(head);
    return told ? Recognised(*told) : zip_by_name(ending);
  }
  if (is_ole(head)) return Format::hwp;
  for (const auto& [magic, format] : kMagic)
    if (head.starts_with(magic)) return format;
  for (const NamedUnreadable& named : kUnreadableMagic)
    if (head.starts_with(named.mark)) return unreadable(named);
  if (head.size() > kTarMagicAt && head.substr(kTarMagicAt).starts_with("ustar")) return Format::archive;
  if (const auto named = by_name(ending)) return *named;
  if (begins_mailbox(head)) return Format::mbox;
  if (begins_mail(head)) return Format::eml;
  return looks_like_html(head) ? Format::html : Format::text;
}

std::string sentence(const Unreadable& unreadable) {
  const std::string what = "is " + unreadable.what;
  if (unreadable.reason != reason::kUnreadableFormat) return what + "; " + unreadable.advice;
  return what + ", which Hone does not read" + (unreadable.advice.empty() ? "" : "; " + unreadable.advice);
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
