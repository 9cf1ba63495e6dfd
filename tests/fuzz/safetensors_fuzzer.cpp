/// A weight file of any content is a list of tensors that lie inside it, or an Error that names what is wrong.
#include <cstdlib>

#include "base/error.h"
#include "formats/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    const auto header = hone::formats::parse_safetensors_header({reinterpret_cast<const char*>(data), size}, "fuzz");
    for (const auto& tensor : header.tensors) {
      if (tensor.begin > size || tensor.bytes > size - tensor.begin) std::abort();
    }
  } catch (const hone::Error&) {
  }
  return 0;
}
