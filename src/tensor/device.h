#pragma once
/// Which device computes, in which dtype, and how this process uses memory and threads.
/// CUDA is asked for only through at::accelerator after libtorch_cuda.so, when it is there, has been loaded
/// by its path beside libtorch_cpu.so: without a driver every other query throws.
#include <ATen/ATen.h>

#include <string>
#include <string_view>

#include "formats/safetensors.h"

namespace hone::tensor {

/// "auto" (CUDA when it works, else the CPU), "cpu" or "cuda". Throws data when "cuda" is asked for and not
/// there, saying why.
at::Device choose_device(std::string_view choice);

/// "float32" or "bfloat16", as recipes spell them; throws usage otherwise.
at::ScalarType compute_dtype(std::string_view name);

at::ScalarType scalar_type(formats::DType dtype);
/// Throws data for a type that weight files do not hold.
formats::DType file_dtype(at::ScalarType dtype);

/// Sets threads (0: one for each processor this process may use) and how large blocks of memory are kept and
/// paged. Call once, before the first tensor.
void prepare_process(int threads);

/// A LibTorch error without its stack.
std::string plain_message(const c10::Error& error);

}  // namespace hone::tensor
