#include "unit/corpus/labelled.h"

#include <memory>
#include <nlohmann/json.hpp>

#include "base/lines.h"

namespace hone::corpus::test {

document::Document make_document(std::string id, std::string text, std::string source) {
  document::Document document{.id = std::move(id), .source = std::move(source), .text = std::move(text)};
  document.bytes = document.text.size();
  return document;
}

std::vector<document::Document> read_rows(const std::filesystem::path& file) {
  std::vector<document::Document> rows;
  base::LineReader reader(file);
  while (const auto line = reader.next()) {
    const auto row = nlohmann::json::parse(*line);
    rows.push_back(make_document(row.at("id"), row.at("text"), row.at("source")));
  }
  return rows;
}

CleanSource source_of(const std::vector<document::Document>& documents) {
  auto at = std::make_shared<size_t>(0);
  return {.next = [&documents, at]() -> std::optional<document::Item> {
            if (*at == documents.size()) return std::nullopt;
            return documents[(*at)++];
          }};
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  base::LineReader reader(file);
  while (auto line = reader.next()) lines.push_back(std::move(*line));
  return lines;
}

}  // namespace hone::corpus::test
