/// A recipe file of any content is a recipe with its problems listed, or an Error that says why it cannot be read.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "base/error.h"
#include "base/files.h"
#include "recipe/load.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const hone::base::FileDescriptor file(memfd_create("fuzz", MFD_CLOEXEC));
  if (write(file.value(), data, size) != static_cast<ssize_t>(size)) std::abort();
  try {
    hone::recipe::load_recipe("/proc/self/fd/" + std::to_string(file.value()), {});
  } catch (const hone::Error&) {
  }
  return 0;
}
