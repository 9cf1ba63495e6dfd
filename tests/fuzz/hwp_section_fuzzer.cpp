/// The inside of an HWP 5 document without its container and its compression: records of a section, or, behind a first byte of 'P', a
/// property set. Text or an Error comes of it, and what text there is is UTF-8.
#include <cstdlib>

#include "base/error.h"
#include "document/encoding.h"
#include "document/hwp_text.h"
#include "document/ole_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hone::document;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.starts_with('P')) {
    const DocumentProperties said = read_properties(bytes.substr(1));
    for (const std::string& one : {said.title, said.author, said.date})
      if (mend_utf8(one) != one) std::abort();
    return 0;
  }
  std::string text;
  try {
    append_hwp_section(bytes, text);
  } catch (const hone::Error&) {
  }
  if (mend_utf8(text) != text) std::abort();
  return 0;
}
