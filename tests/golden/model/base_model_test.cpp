// A real pre-trained model (HONE_SHARED/models/*): loss of whole documents and a continuation, as PyTorch
// gave them.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "base/files.h"
#include "base/json_file.h"
#include "golden/model/reference.h"
#include "model/generate.h"
#include "support/shared.h"
#include "tokenizer/tokenizer.h"

namespace hone::test {
namespace {

namespace fs = std::filesystem;

/// Models that come with figures of whole documents.
std::vector<fs::path> base_models() {
  std::vector<fs::path> folders;
  if (!shared() || !fs::is_directory(*shared() / "models")) return folders;
  for (const auto& entry : fs::directory_iterator(*shared() / "models"))
    if (fs::exists(entry.path() / "reference.json") && fs::exists(entry.path() / "tokenizer.model"))
      folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  return folders;
}

/// [BOS] text [EOS] in one window; everything after BOS is predicted.
dataset::Batch document_batch(const tokenizer::Tokenizer& tokenizer, const std::string& text) {
  std::vector<int32_t> ids = {tokenizer.bos_id()};
  for (const int32_t id : tokenizer.encode(text)) ids.push_back(id);
  ids.push_back(tokenizer.eos_id());
  return {.ids = {ids.begin(), ids.end() - 1},
          .targets = {ids.begin() + 1, ids.end()},
          .segments = {static_cast<int32_t>(ids.size() - 1)}};
}

TEST(BaseModel, BitsPerByteOfEveryDocumentAgree) {
  const std::vector<fs::path> folders = base_models();
  if (folders.empty()) GTEST_SKIP() << "no base models: set HONE_SHARED";
  for (const fs::path& folder : folders) {
    const nlohmann::json figures = base::read_json(folder / "reference.json");
    const model::Model model = model::load_model(folder, {});
    const auto tokenizer = tokenizer::load_tokenizer(folder / "tokenizer.model");
    for (const nlohmann::json& each : figures.at("documents")) {
      const std::string text = base::read_file(*shared() / "corpora" / each.at("file").get<std::string>());
      const model::DeviceBatch batch = model::to_device(document_batch(*tokenizer, text), model);
      EXPECT_EQ(batch.trained, each.at("tokens_predicted").get<int64_t>()) << each.at("file");
      const double nll = model::token_nll(model, batch).sum(at::kDouble).item<double>();
      EXPECT_LT(relative_error(nll, each.at("nll_sum").get<double>()), 1e-4) << each.at("file");
      const double bits_per_byte = nll / std::numbers::ln2 / static_cast<double>(text.size());
      EXPECT_LT(relative_error(bits_per_byte, each.at("bits_per_byte").get<double>()), 1e-4)
          << each.at("file");
    }
  }
}

TEST(BaseModel, ContinuesAsPyTorchDid) {
  const std::vector<fs::path> folders = base_models();
  if (folders.empty()) GTEST_SKIP() << "no base models: set HONE_SHARED";
  for (const fs::path& folder : folders) {
    const nlohmann::json expected = base::read_json(folder / "reference.json").at("generate");
    const model::Model model = model::load_model(folder, {});
    model::GenerateOptions options;
    options.max_new_tokens = static_cast<int64_t>(expected.at("new_ids").size());
    const std::vector<int32_t> ids = model::generate(model, ids_of(expected.at("prompt_ids")), options).ids;
    EXPECT_EQ(ids, ids_of(expected.at("new_ids")));
    EXPECT_EQ(tokenizer::load_tokenizer(folder / "tokenizer.model")->decode(ids),
              expected.at("text").get<std::string>());
  }
}

}  // namespace
}  // namespace hone::test
