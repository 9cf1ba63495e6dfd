#pragma once
/// The records that streams of an HWP 5 document consist of.
///   u32 header = tag (10 bits) | level (10 bits) | size (12 bits); size 0xFFF: the size follows as a u32.
///   Little-endian.
/// Levels nest: a record belongs to the last one before it of a lower level.
/// Source: Hancom, "Hangul Document File Format 5.0", revision 1.3, 2018, chapters 3 and 4.
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hone::document {

/// Tags that carry or order text; the others are passed over. HWPTAG_BEGIN is 0x10.
enum class HwpTag : uint16_t {
  paragraph = 0x10 + 50,       // HWPTAG_PARA_HEADER
  paragraph_text = 0x10 + 51,  // HWPTAG_PARA_TEXT
  control = 0x10 + 55,         // HWPTAG_CTRL_HEADER
  list = 0x10 + 56,            // HWPTAG_LIST_HEADER
  table = 0x10 + 61,           // HWPTAG_TABLE
};

struct HwpRecord {
  uint16_t tag = 0;
  uint16_t level = 0;
  std::string_view data;
};

class HwpRecords {
 public:
  /// `stream` must outlive the object.
  explicit HwpRecords(std::string_view stream) : rest_(stream) {}
  /// False at the end. Throws data when a record claims more bytes than there are.
  bool next(HwpRecord& record);

 private:
  std::string_view rest_;
};

/// Little-endian integers at `at`; 0 past the end.
uint16_t u16_at(std::string_view bytes, size_t at);
uint32_t u32_at(std::string_view bytes, size_t at);

}  // namespace hone::document
