#include "document/hwp_records.h"

#include "base/error.h"

namespace hone::document {
namespace {

constexpr uint32_t kFieldMask = 0x3FF;  // tag and level
constexpr uint32_t kExtendedSize = 0xFFF;

uint64_t integer_at(std::string_view bytes, size_t at, size_t width) {
  if (bytes.size() < width || at > bytes.size() - width) return 0;
  uint64_t value = 0;
  for (size_t i = 0; i < width; ++i)
    value |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  return value;
}

[[noreturn]] void cut_off() { throw Error(ExitCode::data, "its text is cut off; get a whole copy of it"); }

}  // namespace

uint16_t u16_at(std::string_view bytes, size_t at) { return static_cast<uint16_t>(integer_at(bytes, at, 2)); }
uint32_t u32_at(std::string_view bytes, size_t at) { return static_cast<uint32_t>(integer_at(bytes, at, 4)); }

bool HwpRecords::next(HwpRecord& record) {
  if (rest_.empty()) return false;
  if (rest_.size() < 4) cut_off();
  const uint32_t header = u32_at(rest_, 0);
  rest_.remove_prefix(4);
  record.tag = static_cast<uint16_t>(header & kFieldMask);
  record.level = static_cast<uint16_t>(header >> 10 & kFieldMask);
  uint32_t size = header >> 20;
  if (size == kExtendedSize) {
    if (rest_.size() < 4) cut_off();
    size = u32_at(rest_, 0);
    rest_.remove_prefix(4);
  }
  if (size > rest_.size()) cut_off();
  record.data = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return true;
}

}  // namespace hone::document
