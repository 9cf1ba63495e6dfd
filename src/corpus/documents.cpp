#include "corpus/documents.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "artifact/names.h"
#include "base/error.h"
#include "base/lines.h"

namespace hone::corpus {

struct DocumentReader::State {
  std::filesystem::path path;
  base::LineReader lines;
  simdjson::dom::parser parser;

  explicit State(const std::filesystem::path& file) : path(file), lines(file) {}

  [[noreturn]] void fail(std::string_view what) const {
    throw Error(ExitCode::data, fmt::format("{}:{}: {}; the file is damaged, run `hone clean` again", path.string(), lines.line_number(), what));
  }
};

DocumentReader::DocumentReader(const std::filesystem::path& corpus)
    : state_(std::make_unique<State>(std::filesystem::is_directory(corpus) ? corpus / artifact::kDocuments : corpus)) {}
DocumentReader::~DocumentReader() = default;
DocumentReader::DocumentReader(DocumentReader&&) noexcept = default;
DocumentReader& DocumentReader::operator=(DocumentReader&&) noexcept = default;

uint64_t DocumentReader::bytes_read() const { return state_->lines.bytes_read(); }

std::optional<CleanDocument> DocumentReader::next() {
  const std::optional<std::string> line = state_->lines.next();
  if (!line) return std::nullopt;
  simdjson::dom::object object;
  if (state_->parser.parse(*line).get(object) != simdjson::SUCCESS) state_->fail("not a JSON object");
  CleanDocument document;
  bool has_id = false, has_text = false, has_split = false;
  for (const auto [key, value] : object) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) state_->fail(fmt::format("{} is not a string", key));
    if (key == "id") {
      document.id = text;
      has_id = true;
    } else if (key == "text") {
      document.text = text;
      has_text = true;
    } else if (key == "split") {
      const std::optional<Side> side = side_named(text);
      if (!side) state_->fail("split is none of train, validation and forgetting");
      document.side = *side;
      has_split = true;
    } else if (key == "source") {
      document.source = text;
    } else if (key == "path") {
      document.path = text;
    } else if (key == "title") {
      document.title = text;
    } else if (key == "licence") {
      document.licence = text;
    } else if (key == "access") {
      document.access = text;
    } else if (key == "language") {
      document.language = text;
    }
  }
  if (!has_id || !has_text || !has_split) state_->fail("id, text or split is missing");
  return document;
}

}  // namespace hone::corpus
