// Four and eight bits against bitsandbytes' own bytes (tests/golden/generate_nf4.py).
#include <gtest/gtest.h>

#include <algorithm>

#include "tensor/blockwise_8bit.h"
#include "tensor/files.h"
#include "tensor/nf4.h"
#include "tests/support/shared.h"

namespace hone::tensor {
namespace {

class BitsAndBytes : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto fixtures = test::fixtures();
    if (!fixtures) GTEST_SKIP() << "no fixtures: set HONE_SOURCE";
    tensors_ = read_tensors(*fixtures / "nf4/nf4.safetensors").tensors;
  }
  const at::Tensor& at(const std::string& name) const { return tensors_.at(name); }
  bool has(const std::string& name) const { return tensors_.contains(name); }

  /// Sums and maps come from LibTorch, whose last bit depends on the processor: the figures were made on one with AVX2.
  static void expect_close(const at::Tensor& ours, const at::Tensor& theirs, const std::string& what) {
    ASSERT_EQ(ours.sizes(), theirs.sizes()) << what;
    EXPECT_TRUE(at::allclose(ours.to(at::kDouble), theirs.to(at::kDouble), /*rtol=*/1e-6, /*atol=*/1e-9)) << what;
  }

  void expect_matrix(const std::string& name, int64_t block_size) {
    SCOPED_TRACE(name);
    const bool double_quant = has(name + ".codes");
    const Nf4Weight ours = quantize_nf4(at(name + ".weight"), {.block_size = block_size, .double_quant = double_quant}, name);
    EXPECT_TRUE(at::equal(ours.packed, at(name + ".packed")));
    if (double_quant) {
      EXPECT_TRUE(at::equal(ours.absmax_codes, at(name + ".codes")));
      expect_close(ours.nested_absmax, at(name + ".nested"), "nested");
      expect_close(at::full({1}, ours.offset), at(name + ".offset"), "offset");
    } else {
      EXPECT_TRUE(at::equal(ours.absmax, at(name + ".absmax")));
    }
    expect_close(dequantize_nf4(ours).to(at::kFloat), rounded(at(name + ".dense"), ours.dtype), "dense");
    Nf4Weight half = ours;
    half.dtype = at::kBFloat16;
    const at::Tensor dense = dequantize_nf4(half), theirs = at(name + ".dense_bfloat16");
    EXPECT_EQ(dense.scalar_type(), at::kBFloat16);
    // One unit of bfloat16 where the scale's last bit decides.
    EXPECT_TRUE(at::allclose(dense.to(at::kFloat), theirs.to(at::kFloat), double_quant ? 0.008 : 0.0, 0.0));
    EXPECT_LT(at::ne(dense, theirs).sum().item<int64_t>(), 1 + dense.numel() / 1000);
  }

 private:
  static at::Tensor rounded(const at::Tensor& dense, at::ScalarType dtype) { return dense.to(dtype).to(at::kFloat); }
  std::map<std::string, at::Tensor> tensors_;
};

TEST_F(BitsAndBytes, BlocksRunOverTheEndsOfRows) { expect_matrix("plain", 64); }
TEST_F(BitsAndBytes, ScalesAreQuantisedOnceMore) { expect_matrix("double", 32); }
TEST_F(BitsAndBytes, TheUsualSettings) { expect_matrix("usual", 64); }
TEST_F(BitsAndBytes, AShortLastBlockAndHalfAByte) { expect_matrix("odd", 64); }
TEST_F(BitsAndBytes, BlocksOfZerosAndOfNumbersTooSmallToInvert) { expect_matrix("blank", 64); }
TEST_F(BitsAndBytes, BetweenTwoValuesTheLowerOneIsTaken) { expect_matrix("midpoints", 64); }

TEST_F(BitsAndBytes, DynamicMapsAreTheSame) {
  for (const MapSign sign : {MapSign::both, MapSign::positive}) {
    const at::Tensor& theirs = at(sign == MapSign::both ? "map.both" : "map.positive");
    const EightBitMap& map = dynamic_map(sign);
    for (size_t i = 0; i < map.value.size(); ++i)
      EXPECT_FLOAT_EQ(map.value[i], theirs.const_data_ptr<float>()[i]) << i;
    EXPECT_TRUE(std::is_sorted(map.value.begin(), map.value.end()));
  }
}

TEST_F(BitsAndBytes, EightBitBlocksHaveTheSameCodes) {
  for (const MapSign sign : {MapSign::both, MapSign::positive}) {
    const std::string name = sign == MapSign::both ? "eight.both." : "eight.positive.";
    const at::Tensor values = sign == MapSign::both ? at("eight.values").clone() : at("eight.values").abs();
    const EightBitMap& map = dynamic_map(sign);
    for (const NearestCode nearest : {NearestCode::exact, NearestCode::table}) {
      const EightBitBlocks ours = quantize_8bit(values, map, 256, nearest);
      EXPECT_TRUE(at::equal(ours.absmax, at(name + "absmax")));
      EXPECT_TRUE(at::equal(ours.codes, at(name + (nearest == NearestCode::exact ? "exact" : "table")))) << name;
      if (nearest == NearestCode::exact) expect_close(dequantize_8bit(ours, map, 256), at(name + "back"), name);
    }
  }
}

}  // namespace
}  // namespace hone::tensor
