#include "tensor/device.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "support/shared.h"
#include "tensor/attention.h"
#include "tensor/files.h"
#include "tensor/matmul.h"

namespace hone::tensor {
namespace {

TEST(Device, NamesAreCheckedAndAutoAlwaysFindsOne) {
  EXPECT_EQ(choose_device("cpu"), at::Device(at::kCPU));
  EXPECT_NO_THROW(choose_device("auto"));
  EXPECT_THROW(choose_device("gpu"), Error);
  try {
    EXPECT_TRUE(choose_device("cuda").is_cuda());
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::data);
    EXPECT_NE(std::string(error.what()).find("cuda was asked for"), std::string::npos);
  }
}

TEST(Device, CudaComputesWhatTheCpuDoes) {
  if (!choose_device("auto").is_cuda())
    GTEST_SKIP() << "NO CUDA DEVICE: the CUDA path is compiled but not run here";
  const at::NoGradGuard no_grad;
  const at::Tensor x = at::arange(64 * 8 * 16, at::kFloat).sin().view({64, 8, 16});
  const at::Tensor here = isolated_attention(x, x, x, {40, 24});
  const at::Tensor there = x.to(at::kCUDA);
  EXPECT_TRUE(at::allclose(isolated_attention(there, there, there, {40, 24}).cpu(), here, 1e-4, 1e-4));
  const at::Tensor half = there.to(at::kBFloat16);
  EXPECT_TRUE(at::allclose(isolated_attention(half, half, half, {40, 24}).to(at::kCPU, at::kFloat), here,
                           3e-2, 3e-2));
}

TEST(DTypes, SpellingsAreCheckedAndFilesHoldThem) {
  EXPECT_EQ(compute_dtype("bfloat16"), at::kBFloat16);
  EXPECT_THROW(compute_dtype("float8"), Error);
  for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16, at::kHalf, at::kLong, at::kBool})
    EXPECT_EQ(scalar_type(file_dtype(dtype)), dtype);
  EXPECT_THROW(file_dtype(at::kComplexFloat), Error);
}

TEST(TensorFiles, HoldWhatWasWritten) {
  const test::TempDir folder;
  const at::Tensor matrix = at::arange(12, at::kFloat).view({3, 4}), scalar = at::full({}, 7, at::kLong);
  write_tensors(folder / "file",
                {{"transposed", matrix.t()}, {"scalar", scalar}, {"empty", at::empty({0, 2})}},
                {{"key", "value"}});
  const TensorFile file = read_tensors(folder / "file");
  EXPECT_TRUE(at::equal(file.tensors.at("transposed"), matrix.t()));
  EXPECT_EQ(file.tensors.at("scalar").item<int64_t>(), 7);
  EXPECT_EQ(file.tensors.at("empty").sizes(), (at::IntArrayRef{0, 2}));
  EXPECT_EQ(file.metadata.at("key"), "value");
}

TEST(MatmulPolicy, KeepsFloat32Exact) {
  const at::Tensor a = at::arange(200 * 300, at::kDouble).sin().view({200, 300});
  const at::Tensor exact = a.mm(a.t());
  EXPECT_FALSE(matmul_policy().words().empty());
  const at::Tensor product = a.to(at::kFloat).mm(a.to(at::kFloat).t()).to(at::kDouble);
  EXPECT_LT(((product - exact).abs().max() / exact.abs().max()).item<double>(), 2e-6);
}

}  // namespace
}  // namespace hone::tensor
