#include "document/hwp_text.h"

#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <array>
#include <vector>

#include "document/hwp_records.h"

namespace hone::document {
namespace {

constexpr size_t kWideControl =
    8;  // UTF-16 units of an inline or extended control, its own mark at both ends
constexpr uint32_t kTableControl = 0x74626C20;  // 'tbl ', as MAKE_4CHID spells it
constexpr size_t kCellRowAt = 10;               // in a cell's list header: paragraphs, property, column, row

// Control characters of chapter 4.3.1, table 6: which are one unit, and what those show.
enum class Width : uint8_t { one, eight };
constexpr std::array<Width, 32> widths() {
  std::array<Width, 32> result{};
  for (const int wide : {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23})
    result[wide] = Width::eight;
  return result;
}
constexpr std::array<Width, 32> kWidths = widths();
constexpr char16_t kTab = 9, kLineBreak = 10, kParagraphEnd = 13, kHyphen = 24, kNoBreakSpace = 30,
                   kFixedSpace = 31;

void append(UChar32 point, std::string& text) {
  std::array<char, 4> bytes{};
  int32_t length = 0;
  U8_APPEND_UNSAFE(bytes.data(), length, point);
  text.append(bytes.data(), static_cast<size_t>(length));
}

void append_shown(char16_t control, std::string& text) {
  switch (control) {
    case kTab:
      text += '\t';
      break;
    case kLineBreak:
      text += '\n';
      break;
    case kHyphen:
      text += '-';
      break;
    case kNoBreakSpace:
    case kFixedSpace:
      text += ' ';
      break;
    default:
      break;
  }
}

/// Follows controls and their lists, to know what stands between two paragraphs.
class Section {
 public:
  explicit Section(std::string& text) : text_(text) {}

  void take(const HwpRecord& record) {
    switch (static_cast<HwpTag>(record.tag)) {
      case HwpTag::paragraph:
        leave(record.level);
        break;
      case HwpTag::control:
        leave(record.level);
        open_.push_back({record.level, u32_at(record.data, 0) == kTableControl});
        break;
      case HwpTag::table:
        if (!open_.empty()) open_.back().in_cells = open_.back().table;
        break;
      case HwpTag::list:
        leave(record.level);
        if (!open_.empty() && open_.back().in_cells) cell(u16_at(record.data, kCellRowAt));
        break;
      case HwpTag::paragraph_text:
        paragraph(record.data);
        break;
      default:
        break;
    }
  }

 private:
  struct Control {
    uint16_t level = 0;
    bool table = false;
    bool in_cells = false;  ///< Its caption's list stands before the table record, its cells' behind.
    int row = -1;
  };

  /// Controls at `level` and below have ended.
  void leave(uint16_t level) {
    for (; !open_.empty() && open_.back().level >= level; open_.pop_back())
      if (open_.back().in_cells) between_ = "\n";
  }

  void cell(int row) {
    Control& table = open_.back();
    if (row != table.row)
      between_ = "\n";
    else if (between_ == "\n")
      between_ = "\t";
    else
      between_ += '\t';  // the cell before is empty
    table.row = row;
  }

  void paragraph(std::string_view utf16) {
    const size_t before = text_.size();
    if (!text_.empty()) text_ += between_;
    const size_t start = text_.size();
    append_hwp_paragraph(utf16, text_);
    if (text_.size() == start)
      text_.resize(before);
    else
      between_ = "\n";
  }

  std::string& text_;
  std::string between_ = "\n";
  std::vector<Control> open_;
};

}  // namespace

void append_hwp_paragraph(std::string_view utf16, std::string& text) {
  const size_t units = utf16.size() / 2;
  for (size_t i = 0; i < units;) {
    const char16_t unit = u16_at(utf16, 2 * i);
    if (unit == kParagraphEnd) return;
    if (unit < kWidths.size()) {
      append_shown(unit, text);
      i += kWidths[unit] == Width::eight ? kWideControl : 1;
      continue;
    }
    const char16_t next = i + 1 < units ? u16_at(utf16, 2 * i + 2) : 0;
    if (U16_IS_LEAD(unit) && U16_IS_TRAIL(next)) {
      append(U16_GET_SUPPLEMENTARY(unit, next), text);
      i += 2;
    } else {
      append(U16_IS_SURROGATE(unit) ? 0xFFFD : unit, text);
      ++i;
    }
  }
}

void append_hwp_section(std::string_view records, std::string& text) {
  Section section(text);
  HwpRecords all(records);
  for (HwpRecord record; all.next(record);) section.take(record);
}

}  // namespace hone::document
