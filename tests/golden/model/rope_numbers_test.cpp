// Frequencies, cosines and sines of every kind of rotary positions, as transformers computed them: HONE_GOLDEN/numbers/rope.json and
// tests/fixtures/numbers/rope.json. Tolerance of the golden README: 1e-6 relative; cosines and sines at large positions 1e-3, where the
// last bits of a float32 frequency turn whole radians.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/json_file.h"
#include "formats/huggingface.h"
#include "support/shared.h"
#include "tensor/rope.h"

namespace hone::test {
namespace {

using nlohmann::json;

std::vector<json> rope_figures() {
  std::vector<json> rows;
  for (const auto& root : {golden(), fixtures()})
    if (root && std::filesystem::exists(*root / "numbers/rope.json"))
      for (const json& row : base::read_json(*root / "numbers/rope.json")) rows.push_back(row);
  return rows;
}

tensor::Rope rope_of(const json& row) {
  const json config = {{"model_type", "llama"},
                       {"vocab_size", 8},
                       {"intermediate_size", 8},
                       {"num_hidden_layers", 1},
                       {"num_attention_heads", 1},
                       {"hidden_size", row.at("head_dim")},
                       {"head_dim", row.at("head_dim")},
                       {"max_position_embeddings", row.at("max_position_embeddings")},
                       {"rope_parameters", row.at("rope_parameters")}};
  const formats::ModelConfig parsed = formats::parse_model_config(config, "rope.json");
  const formats::ModelConfig written = formats::parse_model_config(formats::model_config_json(parsed), "written");
  return tensor::make_rope(written.rope, written.head_dim, written.max_positions);
}

TEST(RopeNumbers, FrequenciesAndFactorsAgree) {
  const std::vector<json> rows = rope_figures();
  ASSERT_FALSE(rows.empty());
  for (const json& row : rows) {
    const tensor::Rope rope = rope_of(row);
    const at::Tensor actual =
        tensor::frequencies_at(rope, row.value("length", row.at("max_position_embeddings").get<int64_t>()));
    const auto expected = row.at("inv_freq").get<std::vector<double>>();
    ASSERT_EQ(actual.numel(), static_cast<int64_t>(expected.size()));
    for (size_t i = 0; i < expected.size(); ++i)
      EXPECT_NEAR(actual[static_cast<int64_t>(i)].item<double>(), expected[i], 1e-6 * expected[i])
          << row.at("rope_parameters") << " pair " << i;
    EXPECT_NEAR(rope.attention_factor, row.at("attention_factor").get<double>(), 1e-12) << row.at("rope_parameters");
  }
}

TEST(RopeNumbers, CosinesAndSinesAgree) {
  for (const json& row : rope_figures()) {
    const tensor::Rope rope = rope_of(row);
    const int64_t length = row.value("length", row.at("max_position_embeddings").get<int64_t>());
    const tensor::RopeTable table = tensor::rope_table(rope, {static_cast<int32_t>(length)}, at::kCPU);
    const int64_t last = rope.head_dim / 2 - 1;
    for (size_t i = 0; i < row.at("positions").size(); ++i) {
      const int64_t position = row["positions"][i].get<int64_t>();
      const double tolerance = position < 100 ? 1e-5 : 1e-3;
      for (const auto& [angles, name] : {std::pair(table.cosines, "cos_first_and_last_frequency"),
                                         std::pair(table.sines, "sin_first_and_last_frequency")}) {
        EXPECT_NEAR(angles[position][0].item<double>(), row.at(name)[i][0].get<double>(), tolerance) << row["rope_parameters"] << name;
        EXPECT_NEAR(angles[position][last].item<double>(), row.at(name)[i][1].get<double>(), tolerance) << row["rope_parameters"] << name;
      }
    }
  }
}

TEST(RopeNumbers, EachSegmentStretchesByItsOwnLength) {
  const formats::RopeConfig dynamic{.type = formats::RopeType::dynamic, .theta = 10000.0, .factor = 2.0};
  const tensor::Rope rope = tensor::make_rope(dynamic, 8, 10);
  const tensor::RopeTable packed = tensor::rope_table(rope, {15, 10, 12}, at::kCPU);
  int64_t token = 0;
  for (const int32_t length : {15, 10, 12}) {
    const tensor::RopeTable alone = tensor::rope_table(rope, {length}, at::kCPU);
    EXPECT_TRUE(at::equal(packed.cosines.narrow(0, token, length), alone.cosines)) << length;
    token += length;
  }
  EXPECT_TRUE(at::equal(tensor::frequencies_at(rope, 10), rope.frequencies));
  EXPECT_FALSE(at::equal(tensor::frequencies_at(rope, 11), rope.frequencies));
  // Going on from a cache: the tenth token is within the context, the eleventh is not.
  EXPECT_TRUE(at::equal(tensor::rope_table(rope, {1}, at::kCPU, 9).sines, packed.sines.narrow(0, 24, 1)));
}

}  // namespace
}  // namespace hone::test
