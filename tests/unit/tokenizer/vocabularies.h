#pragma once
/// The small vocabularies of tests/fixtures/tokenizer (made by make.sh with the tools of Debian's
/// sentencepiece package).
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/json_file.h"
#include "base/lines.h"
#include "support/shared.h"
#include "tokenizer/tokenizer.h"

namespace hone::tokenizer::test {

inline std::filesystem::path vocabulary(const std::string& name) {
  return hone::test::source() / "tests" / "fixtures" / "tokenizer" / name;
}

inline std::unique_ptr<Tokenizer> load(const std::string& name) {
  return load_tokenizer(vocabulary(name + ".model"));
}

inline std::vector<nlohmann::json> json_lines(const std::filesystem::path& path) {
  std::vector<nlohmann::json> lines;
  base::LineReader reader(path);
  while (const auto line = reader.next()) lines.push_back(base::parse_json(*line, path.string()));
  return lines;
}

}  // namespace hone::tokenizer::test
