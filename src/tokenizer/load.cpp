#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <system_error>

#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "tokenizer/sentencepiece.h"

namespace hone::tokenizer {
namespace {

namespace fs = std::filesystem;

constexpr const char* kModelName = "tokenizer.model";
constexpr const char* kHuggingFaceName = "tokenizer.json";
constexpr uint64_t kMaxModelBytes = UINT64_C(256) << 20;
/// What other tools look for beside the vocabulary.
constexpr const char* kCompanions[] = {"tokenizer_config.json", "special_tokens_map.json",
                                       "added_tokens.json", "chat_template.jinja"};

[[noreturn]] void refuse_tokenizer_json(const fs::path& path) {
  throw Error(
      ExitCode::data,
      fmt::format("{}: vocabularies of this kind (tokenizer.json) cannot be read yet; SentencePiece models "
                  "(tokenizer.model) can, and so can a vocabulary that Hone trains (tokenizer.train)",
                  path.string()));
}

/// add_bos_token of tokenizer_config.json; true where nothing is said.
bool wants_bos(const fs::path& folder) {
  const fs::path config = folder / "tokenizer_config.json";
  std::error_code ignored;
  if (!fs::is_regular_file(config, ignored)) return true;
  const nlohmann::json json = base::read_json(config, UINT64_C(64) << 20);
  if (!json.is_object())
    throw Error(ExitCode::data, fmt::format("{}: expected an object; copy the file again", config.string()));
  const auto value = json.find("add_bos_token");
  if (value == json.end() || value->is_null()) return true;
  if (!value->is_boolean())
    throw Error(ExitCode::data, fmt::format("{}: add_bos_token must be true or false", config.string()));
  return value->get<bool>();
}

}  // namespace

std::unique_ptr<Tokenizer> load_tokenizer(const fs::path& model_file_or_folder) {
  std::error_code ignored;
  fs::path file = model_file_or_folder;
  const bool folder = fs::is_directory(file, ignored);
  if (folder) {
    file /= kModelName;
    if (!fs::exists(file, ignored)) {
      const fs::path other = model_file_or_folder / kHuggingFaceName;
      if (fs::exists(other, ignored)) refuse_tokenizer_json(other);
      throw Error(
          ExitCode::data,
          fmt::format("{}: no tokenizer.model in this folder; name the file or a folder that holds one, or "
                      "train a vocabulary with tokenizer.train",
                      model_file_or_folder.string()));
    }
  } else if (!fs::exists(file, ignored)) {
    throw Error(ExitCode::data, fmt::format("{}: no such tokenizer; check tokenizer.path", file.string()));
  }
  if (file.extension() == ".json") refuse_tokenizer_json(file);
  const std::string content = base::read_file(file, kMaxModelBytes);

  std::vector<fs::path> files{file};
  const fs::path beside = file.parent_path();
  if (folder || file.filename() == kModelName)
    for (const char* name : kCompanions)
      if (fs::is_regular_file(beside / name, ignored)) files.push_back(beside / name);
  return std::make_unique<SentencePieceTokenizer>(content, std::move(files),
                                                  files.size() < 2 || wants_bos(beside));
}

void copy_tokenizer(const Tokenizer& tokenizer, const fs::path& directory) {
  const std::vector<fs::path>& files = tokenizer.files();
  for (size_t i = 0; i < files.size(); ++i)
    base::write_file(directory / (i == 0 ? fs::path(kModelName) : files[i].filename()), base::read_file(files[i], kMaxModelBytes));
}

}  // namespace hone::tokenizer
