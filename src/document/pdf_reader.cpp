#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "document/pdf_layout.h"
#include "document/pdf_words.h"
#include "document/poppler.h"
#include "document/reader.h"

namespace hone::document {
namespace {

constexpr size_t kMaxPageStarts = 4096;  // the offsets of more pages would not be metadata any more

/// "D:20210722…" and ISO 8601 alike as YYYY-MM-DD; empty when it is neither.
std::string date_of(const std::string& created) {
  std::string digits;
  for (const char c : created)
    if (c >= '0' && c <= '9') digits += c;
  if (digits.size() < 8) return {};
  return digits.substr(0, 4) + "-" + digits.substr(4, 2) + "-" + digits.substr(6, 2);
}

/// What word processors put before the name of the file.
std::string title_of(std::string title) {
  for (const std::string_view prefix : {"Microsoft Word - ", "Microsoft PowerPoint - ", "Microsoft Excel - "})
    if (title.starts_with(prefix)) title.erase(0, prefix.size());
  const size_t begin = title.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return {};
  return title.substr(begin, title.find_last_not_of(" \t\r\n") + 1 - begin);
}

std::string metadata_of(const PagedWords& words, const LaidOut& laid) {
  nlohmann::ordered_json facts;
  if (!words.author.empty()) facts["author"] = words.author;
  if (const std::string date = date_of(words.created); !date.empty()) facts["date"] = date;
  facts["page_count"] = words.pages.size();
  if (laid.page_starts.size() <= kMaxPageStarts) facts["pages"] = laid.page_starts;
  facts["page_furniture_lines"] = laid.furniture_lines;
  return facts.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

/// `content` is what poppler.h made of the file; a PDF itself (compressed, or told to be one) goes back to
/// the parent.
void read_pdf(std::string content, const Input& input, Output& output) {
  const uint64_t bytes = content.size();
  if (!is_paged_words(content) && looks_like_pdf(content)) {
    Nested itself;
    itself.name = input.name;
    itself.bytes = std::move(content);
    output.nested(std::move(itself));
    return;
  }
  const PagedWords words = parse_paged_words(content);
  content = {};
  if (words.pages.empty()) {
    output.item(
        rejection(reason::kDamaged, "has no pages that can be read; get the whole file again", bytes));
    return;
  }
  LaidOut laid = lay_out(words);
  if (laid.text.empty()) {
    output.item(rejection(
        reason::kScanned,
        "is a scan: its " + std::to_string(words.pages.size()) +
            " pages have no text layer; set corpus.ocr.use to on to read the pictures with tesseract",
        bytes));
    return;
  }
  Document document;
  document.title = title_of(words.title);
  document.encoding = "utf-8";
  document.bytes = bytes;
  document.metadata = metadata_of(words, laid);
  document.text = std::move(laid.text);
  output.item(std::move(document));
}

}  // namespace hone::document
