#include "corpus/cp949.h"

#include <unicode/ucnv.h>

#include <memory>
#include <vector>

namespace hone::corpus {
namespace {

constexpr uint8_t kFirstLead = 0x81, kFirstTrail = 0x41, kLast = 0xFE;
constexpr size_t kTrails = kLast - kFirstTrail + 1;

struct Tables {
  std::vector<char16_t> characters = std::vector<char16_t>((kLast - kFirstLead + 1) * kTrails);
  std::vector<uint16_t> bytes = std::vector<uint16_t>(0x10000);

  Tables() {
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open("windows-949", &error), ucnv_close);
    if (U_FAILURE(error) != 0) return;
    for (unsigned lead = kFirstLead; lead <= kLast; ++lead) {
      for (unsigned trail = kFirstTrail; trail <= kLast; ++trail) fill(converter.get(), static_cast<uint8_t>(lead), static_cast<uint8_t>(trail));
    }
  }

 private:
  void fill(UConverter* converter, uint8_t lead, uint8_t trail) {
    const char pair[2] = {static_cast<char>(lead), static_cast<char>(trail)};
    const char* source = pair;
    UErrorCode error = U_ZERO_ERROR;
    ucnv_reset(converter);
    const UChar32 c = ucnv_getNextUChar(converter, &source, pair + 2, &error);
    const bool own_area = c >= 0xE000 && c <= 0xF8FF;
    if (U_FAILURE(error) != 0 || source != pair + 2 || c < 0x80 || c >= 0xFFFD || own_area) return;
    characters[(lead - kFirstLead) * kTrails + trail - kFirstTrail] = static_cast<char16_t>(c);
    if (bytes[static_cast<size_t>(c)] == 0) bytes[static_cast<size_t>(c)] = static_cast<uint16_t>(lead << 8 | trail);
  }
};

const Tables& tables() {
  static const Tables kTables;
  return kTables;
}

}  // namespace

char32_t cp949_character(uint8_t lead, uint8_t trail) {
  if (lead < kFirstLead || lead > kLast || trail < kFirstTrail || trail > kLast) return 0;
  return tables().characters[(lead - kFirstLead) * kTrails + trail - kFirstTrail];
}

uint16_t cp949_bytes(char32_t c) { return c < 0x80 || c >= 0x10000 ? 0 : tables().bytes[c]; }

}  // namespace hone::corpus
