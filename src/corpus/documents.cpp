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

  void read_parts(simdjson::dom::element value, CleanDocument& document) const {
    simdjson::dom::array list;
    if (value.get(list) != simdjson::SUCCESS) fail("parts is not a list");
    for (const simdjson::dom::element one : list) {
      document::Part part;
      std::string_view role;
      if (one["role"].get(role) != simdjson::SUCCESS || one["begin"].get(part.begin) != simdjson::SUCCESS || one["end"].get(part.end) != simdjson::SUCCESS)
        fail("a part has no role, begin or end");
      part.role = role;
      if (one["trained"].get(part.trained) != simdjson::SUCCESS) part.trained = true;
      document.parts.push_back(std::move(part));
    }
  }

  void check_parts(const CleanDocument& document) const {
    uint64_t behind = 0;
    for (const document::Part& part : document.parts) {
      if (part.begin < behind || part.end < part.begin || part.end > document.text.size()) fail("parts do not lie in the text");
      behind = part.end;
    }
    if (document.parts.empty() != document.record.empty()) fail("record and parts do not go together");
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
    if (key == "parts") {
      state_->read_parts(value, document);
      continue;
    }
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
    } else if (key == "record") {
      document.record = text;
    }
  }
  if (!has_id || !has_text || !has_split) state_->fail("id, text or split is missing");
  state_->check_parts(document);
  return document;
}

}  // namespace hone::corpus
