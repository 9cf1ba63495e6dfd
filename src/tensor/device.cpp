#include "tensor/device.h"

#include <ATen/DeviceAccelerator.h>
#include <dlfcn.h>
#include <link.h>
#include <malloc.h>

#include <ATen/Parallel.h>
#include <filesystem>
#include <utility>

#include "base/error.h"
#include "base/thread_pool.h"

namespace hone::tensor {
namespace {

constexpr std::pair<at::ScalarType, formats::DType> kDTypes[] = {
    {at::kDouble, formats::DType::float64}, {at::kFloat, formats::DType::float32},
    {at::kHalf, formats::DType::float16},   {at::kBFloat16, formats::DType::bfloat16},
    {at::kLong, formats::DType::int64},     {at::kInt, formats::DType::int32},
    {at::kShort, formats::DType::int16},    {at::kChar, formats::DType::int8},
    {at::kByte, formats::DType::uint8},     {at::kBool, formats::DType::boolean}};

/// The folder of the libtorch_cpu.so in use; empty when it cannot be found out.
std::filesystem::path libtorch_folder() {
  void* cpu = dlopen("libtorch_cpu.so", RTLD_NOLOAD | RTLD_NOW);
  if (cpu == nullptr) return {};
  std::string origin(4096, '\0');
  const bool known = dlinfo(cpu, RTLD_DI_ORIGIN, origin.data()) == 0;
  dlclose(cpu);
  return known ? std::filesystem::path(origin.c_str()) : std::filesystem::path();
}

/// Loads LibTorch's CUDA half once. Empty when CUDA can be used, else why not.
std::string why_no_cuda() {
  const std::filesystem::path folder = libtorch_folder();
  if (folder.empty()) return "the folder of libtorch_cpu.so is unknown";
  if (dlopen((folder / "libtorch_cuda.so").c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) {
    const char* reason = dlerror();
    return std::string("libtorch_cuda.so cannot be loaded: ") +
           (reason != nullptr ? reason : "no reason given") +
           " (third_party/bootstrap.sh --cuda fetches what it needs)";
  }
  return at::accelerator::deviceCount() > 0 ? "" : "no CUDA device or driver was found";
}

const std::string& cuda_trouble() {
  static const std::string trouble = why_no_cuda();
  return trouble;
}

}  // namespace

at::Device choose_device(std::string_view choice) {
  if (choice == "cpu") return at::kCPU;
  if (choice != "auto" && choice != "cuda")
    throw Error(ExitCode::usage,
                "device \"" + std::string(choice) + "\" is not known; use auto, cpu or cuda");
  if (cuda_trouble().empty()) return at::Device(at::kCUDA, 0);
  if (choice == "cuda") throw Error(ExitCode::data, "device cuda was asked for, but " + cuda_trouble());
  return at::kCPU;
}

at::ScalarType compute_dtype(std::string_view name) {
  if (name == "float32") return at::kFloat;
  if (name == "bfloat16") return at::kBFloat16;
  throw Error(ExitCode::usage, "dtype \"" + std::string(name) + "\" is not known; use float32 or bfloat16");
}

at::ScalarType scalar_type(formats::DType dtype) {
  for (const auto& [ours, theirs] : kDTypes)
    if (theirs == dtype) return ours;
  throw Error(ExitCode::internal, "a file dtype without a tensor dtype");
}

formats::DType file_dtype(at::ScalarType dtype) {
  for (const auto& [ours, theirs] : kDTypes)
    if (ours == dtype) return theirs;
  throw Error(ExitCode::data, std::string("weight files cannot hold ") + c10::toString(dtype));
}

void prepare_process(int threads) {
  at::set_num_threads(threads > 0 ? threads : base::available_processors());
  // Large blocks stay with the process instead of going back to the kernel, which would hand them out zeroed,
  // page by page, at every step again.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 64 << 20);
}

std::string plain_message(const c10::Error& error) {
  const std::string message = error.what_without_backtrace();
  return message.substr(0, message.find('\n'));
}

}  // namespace hone::tensor
