#pragma once
/// A PDF file to the words on its pages, by programs of others in processes of their own: poppler's
/// pdftotext, and for scans, when asked for, poppler's pdftoppm and tesseract. What comes out is what
/// pdf_reader.h reads.
///
/// Poppler is GPL and parses hostile files in C++; it is run, never linked. `-bbox-layout` gives words with
/// boxes, which is what columns, running heads and paragraphs are told by.
#include <atomic>
#include <filesystem>
#include <string_view>
#include <variant>

#include "base/files.h"
#include "document/document.h"
#include "document/limits.h"
#include "document/ocr.h"

namespace hone::document {

/// What there is to read, or why there is nothing.
using PdfWords = std::variant<base::FileDescriptor, Rejection>;

/// Whether the first bytes are a PDF file's.
bool begins_like_pdf(std::string_view head);
/// The same for a file that is called one: its mark may stand up to 1 KiB inside. Of other files (an archive)
/// that says nothing.
bool looks_like_pdf(std::string_view head);

/// Words and boxes of the text layer. `stop` ends it from outside; the result is then a rejection nobody will
/// see.
PdfWords words_of_pdf(const std::filesystem::path& hone_read, int pdf, const ReaderLimits& limits,
                      const std::atomic<bool>& stop);

enum class TextLayer { present, absent, unreadable };
/// Whether the first pages have text, in a few seconds or not at all.
TextLayer text_layer(const std::filesystem::path& hone_read, int pdf, const std::atomic<bool>& stop);

/// Words and boxes that tesseract sees on the pages.
PdfWords words_by_ocr(const std::filesystem::path& hone_read, int pdf, const OcrSettings& settings,
                      const ReaderLimits& limits, const std::atomic<bool>& stop);

}  // namespace hone::document
