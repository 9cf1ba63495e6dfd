/// One reader, chosen when this file is compiled, on whatever libFuzzer makes up. A reader may say anything about such a file
/// except by crashing, leaking, hanging, throwing, or handing on text that is not UTF-8.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <new>

#include "base/files.h"
#include "document/encoding.h"
#include "document/reader.h"

namespace hone::document {
namespace {

class Watched final : public Output {
 public:
  void begin(bool) override {}
  void item(Item item) override {
    if (const auto* document = std::get_if<Document>(&item)) {
      if (mend_utf8(document->text) != document->text) std::abort();
      if (mend_utf8(document->metadata) != document->metadata) std::abort();
    }
  }
  void progress(uint64_t) override {}
};

int file_of(const uint8_t* data, size_t size) {
  const int fd = memfd_create("fuzz", MFD_CLOEXEC);
  if (fd < 0 || write(fd, data, size) != static_cast<ssize_t>(size) || lseek(fd, 0, SEEK_SET) != 0) std::abort();
  return fd;
}

}  // namespace
}  // namespace hone::document

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  hone::document::open_converters();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hone::document;
  const hone::base::FileDescriptor file(file_of(data, size));
  Input input;
  input.fd = file.value();
  input.name = "input";
  input.format = Format::HONE_FUZZ_FORMAT;
  input.limits.max_document_bytes = 8 << 20;
  input.limits.max_row_bytes = 1 << 20;
  input.limits.max_inflated_bytes = 32 << 20;
  Watched output;
  try {
    read_file(input, output);
  } catch (const std::bad_alloc&) {  // hone-read ends on it, and the document is rejected as too large
  }
  return 0;
}
