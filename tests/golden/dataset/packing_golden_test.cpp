// The layout of packed rows against models/llama2/packing.json: the same predictions from the same contexts.
// Theirs keeps the last token of a document as an input that predicts nothing; ours leaves it out (batch.h).
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "base/json_file.h"
#include "dataset/loader.h"
#include "dataset/shard_writer.h"
#include "dataset/windows.h"
#include "support/shared.h"

namespace hone::dataset {
namespace {

TEST(PackingGolden, RowsPredictWhatTheReferencePredicts) {
  const auto golden = test::golden();
  if (!golden) GTEST_SKIP() << "packing.json: no golden folder, set HONE_GOLDEN";
  const nlohmann::json reference = base::read_json(*golden / "models" / "llama2" / "packing.json");
  const std::vector<std::vector<int32_t>> documents = reference.at("documents");
  const std::vector<int32_t> ids = reference.at("packed_ids"), positions = reference.at("packed_positions"),
                             labels = reference.at("packed_labels");

  const test::TempDir folder;
  ShardWriter writer(folder.path(), "train",
                     {.vocabulary_size = 512, .tokenizer_sha256 = std::string(64, '0')});
  for (size_t i = 0; i < documents.size(); ++i) {
    TokenizedDocument document;
    document.id = std::to_string(i);
    document.tokens = documents[i];
    writer.add(document);
    EXPECT_EQ(windows(documents[i], {}).trained(), reference.at("predicted_tokens")[i].get<int64_t>());
  }
  writer.close();
  const Loader loader(ShardSet::open(folder.path(), "train"),
                      {.sequence_len = static_cast<int64_t>(ids.size()), .order = Order::sequential});
  ASSERT_EQ(loader.rows(), 1);
  const Batch batch = loader.step(0, 0).micro_batches.at(0);

  // Label t of the reference is predicted from the input before it; a label of -100 opens a document.
  std::vector<int32_t> expected_ids, expected_targets, expected_segments;
  for (size_t t = 0; t + 1 < ids.size(); ++t) {
    if (labels[t + 1] == kMasked) continue;
    expected_ids.push_back(ids[t]);
    expected_targets.push_back(labels[t + 1]);
    if (positions[t] == 0) expected_segments.push_back(0);
    ++expected_segments.back();
  }
  EXPECT_EQ(batch.ids, expected_ids);
  EXPECT_EQ(batch.targets, expected_targets);
  EXPECT_EQ(batch.segments, expected_segments);
}

}  // namespace
}  // namespace hone::dataset
