#pragma once
/// One kernel body for each dtype that Hone's own CPU kernels know: float32, float64 (for gradient checks) and bfloat16.
#include <ATen/ATen.h>

#include <string>

#include "base/error.h"

namespace hone::tensor {

/// Calls f with a value of the C++ type behind `dtype`. Throws internal naming `kernel` for any other dtype.
template <typename F>
void by_dtype(const char* kernel, at::ScalarType dtype, const F& f) {
  switch (dtype) {
    case at::kFloat:
      return f(float{});
    case at::kDouble:
      return f(double{});
    case at::kBFloat16:
      return f(c10::BFloat16{});
    default:
      throw Error(ExitCode::internal, std::string(kernel) + " has no kernel for " + c10::toString(dtype));
  }
}

}  // namespace hone::tensor
