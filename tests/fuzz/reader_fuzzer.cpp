/// One reader, chosen when this file is compiled, on whatever libFuzzer makes up. A reader may say anything about such a file
/// except by crashing, leaking, hanging, throwing, or handing on text that is not UTF-8. Documents of several parts come as parts.h
/// says, so that what is damaged is their text and not a checksum.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <new>
#include <string>
#include <utility>

#include "base/files.h"
#include "document/encoding.h"
#include "document/libraries.h"
#include "document/reader.h"
#include "parts.h"

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

int file_of(std::string_view content) {
  const int fd = memfd_create("fuzz", MFD_CLOEXEC);
  if (fd < 0 || write(fd, content.data(), content.size()) != static_cast<ssize_t>(content.size()) || lseek(fd, 0, SEEK_SET) != 0) std::abort();
  return fd;
}

/// Again from row 3 on, and with cells of a column as documents: as a file is read whose reader failed, and as recipes may ask.
void read_every_way(Input input, Output& output) {
  for (const auto& [first_row, text_field] : {std::pair<uint64_t, const char*>{0, ""}, {2, "text"}}) {
    input.first_row = first_row;
    input.text_field = text_field;
    if (lseek(input.fd, 0, SEEK_SET) != 0) std::abort();
    try {
      read_file(input, output);
    } catch (const std::bad_alloc&) {  // hone-read ends on it, and the document is rejected as too large
    }
  }
}

}  // namespace
}  // namespace hone::document

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  hone::document::open_libraries();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hone::document;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const hone::base::FileDescriptor file(
      hone::fuzz::is_parts(bytes) ? file_of(hone::fuzz::zip_of(hone::fuzz::split_parts(bytes))) : file_of(bytes));
  Input input;
  input.fd = file.value();
  input.name = "input";
  input.format = Format::HONE_FUZZ_FORMAT;
  input.limits.max_document_bytes = 8 << 20;
  input.limits.max_row_bytes = 1 << 20;
  input.limits.max_inflated_bytes = 32 << 20;
  Watched output;
  read_every_way(input, output);
  return 0;
}
