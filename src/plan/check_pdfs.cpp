#include "plan/check_pdfs.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "base/error.h"
#include "base/files.h"
#include "document/child.h"
#include "document/poppler.h"
#include "document/tool.h"

namespace hone::plan {
namespace {

namespace fs = std::filesystem;
constexpr size_t kLookedAt = 40;

bool named_pdf(const fs::path& file) {
  std::string ending = file.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending == ".pdf";
}

std::vector<fs::path> pdfs_of(const recipe::CorpusOptions& corpus) {
  std::vector<fs::path> found;
  for (const recipe::SourceOptions& source : corpus.sources)
    for (fs::path& file : base::glob(source.path))
      if (named_pdf(file)) found.push_back(std::move(file));
  return found;
}

struct Sample {
  size_t looked_at = 0;
  std::vector<fs::path> scans;
};

/// Documents without a text layer among `pdfs`, every n-th looked at.
Sample look_at(const std::vector<fs::path>& pdfs, const fs::path& reader) {
  Sample sample;
  const std::atomic<bool> never{false};
  const size_t step = std::max<size_t>(1, (pdfs.size() + kLookedAt - 1) / kLookedAt);
  for (size_t i = 0; i < pdfs.size(); i += step) {
    ++sample.looked_at;
    const base::FileDescriptor file(::open(pdfs[i].c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.open() && document::text_layer(reader, file.value(), never) == document::TextLayer::absent)
      sample.scans.push_back(pdfs[i]);
  }
  return sample;
}

}  // namespace

std::vector<std::string> check_pdfs(const recipe::CorpusOptions& corpus, const fs::path& reader) {
  const bool ocr = corpus.ocr.use == recipe::OcrUse::on;
  std::vector<std::string> sentences;
  const std::vector<fs::path> pdfs = pdfs_of(corpus);
  if (pdfs.empty()) return sentences;
  if (!document::find_tool("pdftotext")) {
    sentences.push_back(
        fmt::format("{} of the documents are PDF, which poppler reads, and that is not installed: apt-get "
                    "install poppler-utils "
                    "poppler-data; they would be rejected",
                    pdfs.size()));
    return sentences;
  }
  if (ocr && !document::find_tool("tesseract"))
    sentences.emplace_back(
        "corpus.ocr.use is on, and tesseract is not installed: apt-get install tesseract-ocr "
        "tesseract-ocr-kor");
  const auto [looked_at, scans] = look_at(pdfs, reader.empty() ? document::find_hone_read() : reader);
  if (scans.empty()) return sentences;
  const std::string what = fmt::format("{} of {} PDF documents{}", scans.size(), looked_at,
                                       looked_at < pdfs.size() ? " looked at" : "");
  sentences.push_back(fmt::format("{} have no text layer (the first is {}); {}", what, scans.front().string(),
                                  ocr ? "tesseract will read their pictures, a few seconds a page"
                                      : "they are rejected as scanned unless corpus.ocr.use is on"));
  return sentences;
}

}  // namespace hone::plan
