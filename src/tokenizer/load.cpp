#include <fmt/format.h>
#include <re2/re2.h>

#include <system_error>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "tokenizer/huggingface_tokenizer.h"
#include "tokenizer/sentencepiece.h"
#include "tokenizer/side_files.h"

namespace hone::tokenizer {
namespace {

namespace fs = std::filesystem;

constexpr const char* kModelName = "tokenizer.model";
constexpr const char* kHuggingFaceName = "tokenizer.json";
constexpr uint64_t kMaxModelBytes = UINT64_C(256) << 20;
/// What other tools look for beside the vocabulary.
constexpr const char* kCompanions[] = {"tokenizer_config.json", "special_tokens_map.json",
                                       "added_tokens.json", "chat_template.jinja"};

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

/// Of a folder with both files: whether tokenizer.json says what the tokenizer.model beside it says. It does when Hone wrote it from
/// that, unchanged since; and a unigram vocabulary has its tokenizer.json from there in any case.
bool is_translation(const fs::path& folder, const SideFiles& side) {
  static const re2::RE2 kUnigram(R"("type"\s*:\s*"Unigram")");
  if (re2::RE2::PartialMatch(base::read_file(folder / kHuggingFaceName, kMaxModelBytes), kUnigram)) return true;
  return !side.translated_model.empty() && side.translated_model == base::sha256_file(folder / kModelName) &&
         side.translated_json == base::sha256_file(folder / kHuggingFaceName);
}

/// Which of a folder's files is the vocabulary; empty when there is none.
fs::path vocabulary_of(const fs::path& folder) {
  const bool model = is_there(folder / kModelName), json = is_there(folder / kHuggingFaceName);
  if (!model && !json) return {};
  const bool takes_model = model && (!json || is_translation(folder, read_side_files(folder)));
  return folder / (takes_model ? kModelName : kHuggingFaceName);
}

}  // namespace

bool holds_tokenizer(const fs::path& folder) { return is_there(folder / kModelName) || is_there(folder / kHuggingFaceName); }

std::unique_ptr<Tokenizer> load_tokenizer(const fs::path& file_or_folder) {
  std::error_code ignored;
  fs::path file = file_or_folder;
  const bool folder = fs::is_directory(file, ignored);
  if (folder) {
    file = vocabulary_of(file_or_folder);
    if (file.empty())
      throw Error(ExitCode::data, fmt::format("{}: no tokenizer.model and no tokenizer.json in this folder; name the file or a folder that "
                                              "holds one, or train a vocabulary with tokenizer.train", file_or_folder.string()));
  } else if (!is_there(file)) {
    throw Error(ExitCode::data, fmt::format("{}: no such tokenizer; check tokenizer.path", file.string()));
  }
  const std::string content = base::read_file(file, kMaxModelBytes);
  const bool json = file.extension() == ".json";
  const fs::path beside = file.parent_path();
  std::vector<fs::path> files{file};
  if (!folder && file.filename() != kModelName && file.filename() != kHuggingFaceName) {  // a vocabulary by itself
    if (json) return std::make_unique<HuggingFaceTokenizer>(content, std::move(files));
    return std::make_unique<SentencePieceTokenizer>(content, std::move(files));
  }
  for (const char* name : kCompanions)
    if (fs::is_regular_file(beside / name, ignored)) files.push_back(beside / name);
  // The other file travels along where the folder decides again in the same way.
  const fs::path other = beside / (json ? kModelName : kHuggingFaceName);
  if (folder && fs::is_regular_file(other, ignored)) files.push_back(other);
  const SideFiles side = read_side_files(beside);
  if (json) return std::make_unique<HuggingFaceTokenizer>(content, std::move(files), side);
  return std::make_unique<SentencePieceTokenizer>(content, std::move(files), side);
}

void copy_tokenizer(const Tokenizer& tokenizer, const fs::path& directory) {
  const std::vector<fs::path>& files = tokenizer.files();
  for (size_t i = 0; i < files.size(); ++i)
    base::write_file(directory / (i == 0 ? fs::path(tokenizer.file_name()) : files[i].filename()), base::read_file(files[i], kMaxModelBytes));
}

}  // namespace hone::tokenizer
