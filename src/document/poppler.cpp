#include "document/poppler.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "document/reader.h"
#include "document/tool.h"

namespace hone::document {
namespace {

constexpr size_t kMarkWithin = 1024;  // ISO 32000-1, annex H.3, implementation note 13
constexpr double kSecondsForALook = 3;
constexpr const char* kPagesForALook = "5";
constexpr int kMaxOcrPages = 2000;
constexpr const char* kPixels =
    "3500";  // the long side of an A4 page at 300 dpi; bounds what a page of any size costs

uint64_t size_of(int fd) {
  struct stat status {};
  return fstat(fd, &status) == 0 ? static_cast<uint64_t>(status.st_size) : 0;
}

/// The last line that says something, without poppler's prefixes.
std::string in_short(std::string complaint) {
  while (!complaint.empty() && complaint.back() == '\n') complaint.pop_back();
  complaint = complaint.substr(complaint.rfind('\n') + 1);
  for (const std::string_view prefix : {"Syntax Error: ", "Command Line Error: ", "Internal Error: "})
    if (complaint.starts_with(prefix)) complaint.erase(0, prefix.size());
  std::string plain;
  for (const char c : complaint.substr(0, 200))
    if (c >= 0x20 && c < 0x7F) plain += c;
  return plain.empty() ? "no reason given" : plain;
}

Rejection not_installed(const char* program, const char* package, uint64_t bytes) {
  return rejection(reason::kUnreadableFormat,
                   std::string("is a PDF document, which ") + program +
                       " reads, and that is not installed: apt-get install " + package,
                   bytes);
}

Rejection verdict(const ToolRun& run, const char* program, const ReaderLimits& limits, uint64_t bytes) {
  switch (run.status) {
    case ToolRun::Status::timed_out:
      return rejection(reason::kTimedOut,
                       std::string(program) + " did not finish in " +
                           std::to_string(static_cast<int>(limits.seconds_per_document)) +
                           " s; split the file",
                       bytes);
    case ToolRun::Status::too_much_output:
      return rejection(reason::kTooLarge, "has more text than one document may have; split the file", bytes);
    default:
      break;
  }
  if (run.complaint.find("Incorrect password") != std::string::npos)
    return rejection(reason::kEncrypted, "is protected by a password; save it without one", bytes);
  if (run.complaint.find("Unsupported security handler") != std::string::npos ||
      run.complaint.find("Unsupported version/revision") != std::string::npos)
    return rejection(reason::kEncrypted,
                     "is protected by a rights management that only its own viewer opens; save it without",
                     bytes);
  if (run.complaint.find("memory") != std::string::npos ||
      run.complaint.find("bad_alloc") != std::string::npos)
    return rejection(reason::kTooLarge,
                     std::string(program) + " needed more than " + std::to_string(limits.memory_bytes) +
                         " bytes of memory",
                     bytes);
  if (run.complaint.find("Wrong page range") != std::string::npos)
    return rejection(reason::kDamaged, "has no pages that can be read; get the whole file again", bytes);
  if (run.exit_status < 0)
    return rejection(reason::kCrashed, std::string(program) + " failed on it (" + run.complaint + ")", bytes);
  return rejection(reason::kDamaged,
                   "cannot be opened as PDF (" + in_short(run.complaint) + "); get the whole file again",
                   bytes);
}

bool append_file(int from, int to) {
  char block[1 << 16];
  lseek(from, 0, SEEK_SET);
  for (ssize_t got = 0; (got = ::read(from, block, sizeof block)) > 0;)
    if (::write(to, block, static_cast<size_t>(got)) != got) return false;
  return true;
}

std::string joined(const std::vector<std::string>& languages) {
  std::string result;
  for (const std::string& language : languages) (result += result.empty() ? "" : "+") += language;
  return result;
}

}  // namespace

bool begins_like_pdf(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  const size_t begin = head.find_first_not_of(" \t\r\n");
  return begin != std::string_view::npos && head.substr(begin).starts_with("%PDF-");
}

bool looks_like_pdf(std::string_view head) {
  return head.substr(0, kMarkWithin).find("%PDF-") != std::string_view::npos;
}

PdfWords words_of_pdf(const std::filesystem::path& hone_read, int pdf, const ReaderLimits& limits,
                      const std::atomic<bool>& stop) {
  const auto program = find_tool("pdftotext");
  if (!program) return not_installed("poppler", "poppler-utils poppler-data", size_of(pdf));
  base::FileDescriptor words = memory_file("words");
  const ToolRun run = run_tool(hone_read, {program->string(), "-enc", "UTF-8", "-bbox-layout", "-", "-"}, pdf,
                               words.value(), limits, stop);
  if (run.status != ToolRun::Status::done) return verdict(run, "pdftotext", limits, size_of(pdf));
  return words;
}

TextLayer text_layer(const std::filesystem::path& hone_read, int pdf, const std::atomic<bool>& stop) {
  const auto program = find_tool("pdftotext");
  if (!program) return TextLayer::unreadable;
  ReaderLimits limits;
  limits.seconds_per_document = kSecondsForALook;
  const base::FileDescriptor text = memory_file("text");
  const ToolRun run =
      run_tool(hone_read, {program->string(), "-enc", "UTF-8", "-l", kPagesForALook, "-", "-"}, pdf,
               text.value(), limits, stop);
  if (run.status != ToolRun::Status::done) return TextLayer::unreadable;
  char block[1 << 14];
  for (ssize_t got = 0; (got = ::read(text.value(), block, sizeof block)) > 0;)
    if (std::any_of(block, block + got, [](char c) { return static_cast<unsigned char>(c) > ' '; }))
      return TextLayer::present;
  return TextLayer::absent;
}

PdfWords words_by_ocr(const std::filesystem::path& hone_read, int pdf, const OcrSettings& settings,
                      const ReaderLimits& limits, const std::atomic<bool>& stop) {
  const auto painter = find_tool("pdftoppm");
  const auto reader = find_tool("tesseract");
  if (!painter) return not_installed("poppler", "poppler-utils", size_of(pdf));
  if (!reader)
    return rejection(
        reason::kScanned,
        "is a scan, and tesseract is not installed: apt-get install tesseract-ocr tesseract-ocr-kor",
        size_of(pdf));
  base::FileDescriptor words = memory_file("words");
  for (int page = 1; page <= kMaxOcrPages; ++page) {
    const std::string number = std::to_string(page);
    const base::FileDescriptor picture = memory_file("page"), seen = memory_file("seen");
    const ToolRun painted = run_tool(
        hone_read, {painter->string(), "-gray", "-scale-to", kPixels, "-f", number, "-l", number, "-"}, pdf,
        picture.value(), limits, stop);
    if (painted.complaint.find("Wrong page range") != std::string::npos ||
        (painted.status == ToolRun::Status::done && size_of(picture.value()) == 0))
      return words;
    if (painted.status != ToolRun::Status::done) return verdict(painted, "pdftoppm", limits, size_of(pdf));
    const ToolRun read =
        run_tool(hone_read, {reader->string(), "stdin", "stdout", "-l", joined(settings.languages), "tsv"},
                 picture.value(), seen.value(), limits, stop);
    if (read.status == ToolRun::Status::failed &&
        read.complaint.find("Failed loading language") != std::string::npos)
      return rejection(reason::kScanned,
                       "is a scan, and tesseract lacks a language of corpus.ocr.languages (" +
                           joined(settings.languages) +
                           "): apt-get install tesseract-ocr-kor tesseract-ocr-eng",
                       size_of(pdf));
    if (read.status != ToolRun::Status::done) return verdict(read, "tesseract", limits, size_of(pdf));
    if (size_of(words.value()) + size_of(seen.value()) > limits.max_document_bytes ||
        !append_file(seen.value(), words.value()))
      return rejection(reason::kTooLarge, "has more text than one document may have; split the file",
                       size_of(pdf));
  }
  return rejection(reason::kTooLarge,
                   "is a scan of more than " + std::to_string(kMaxOcrPages) + " pages; split the file",
                   size_of(pdf));
}

}  // namespace hone::document
