#pragma once
/// The lines of a document as keys that can be counted across documents: what makes menus, banners, footers and signatures visible.
///
/// A key is a hash of the line's words and signs, in small letters, white space apart; numbers, months and days of the week are
/// all one, so that "Last updated on 3 May 2021" is the same line everywhere. A label is the hash of what stands before the first
/// separator ("You are here:", "Home >"), for lines whose rest changes from page to page. Lines of more than 400 bytes, and those
/// more than 200 lines away from both ends, are hashed as they are.
/// A trace of three words in a row tells what lines cannot: that a paragraph is the same in all but its names, dates and amounts.
/// Packed: total ink (4 bytes), number of traces (1), per trace key 4, place 1, then per line key 4, ink 2, shape 1, label 4 (only
/// where the shape says so); little endian.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hone::corpus {

struct PageLine {
  enum Shape : uint8_t {
    kHeading = 1,    ///< "# …" or "…:".
    kCode = 2,       ///< Indented, fenced, a table row, or of a program's signs.
    kQuoted = 4,     ///< "> …" of a mail.
    kInterface = 8,  ///< Two words of menus and notices: share, cookie, 로그인, 목록으로.
    kLabelled = 16,
    kItem = 32,      ///< Of a list.
    kSentence = 64,  ///< Ends like one.
    kAboutPage = 128,  ///< Begins with a word about the page itself: posted, updated, 작성자.
  };
  static constexpr uint32_t kField = 2;  ///< Bit of a label that a colon ends.
  uint32_t key = 0;
  uint32_t label = 0;
  uint16_t ink = 0;  ///< Characters that are not white space, 65,535 at most.
  uint8_t shape = 0;
  uint32_t begin = 0, end = 0;  ///< Bytes of the text, line end excluded; not packed.

  bool is(uint8_t shapes) const { return (shape & shapes) != 0; }
  bool is_field() const { return is(kLabelled) && (label & kField) != 0; }
};

/// Three words in a row of one line, numbers all one; not of code and quotations.
struct WordTrace {
  uint32_t key = 0;
  uint8_t place = 0;  ///< The line, counted from the top below 128, else 255 - (lines below it); kMiddle for all between.
  static constexpr uint8_t kMiddle = 127;
};

struct Page {
  std::vector<PageLine> lines;  ///< Blank lines left out.
  uint32_t ink = 0;             ///< Of all lines, packed or not.
  std::vector<WordTrace> traces;  ///< Those with the smallest keys, kMostTraces at most: documents that share one keep it alike.
};
constexpr size_t kMostTraces = 96;

/// Lines of the text in order; `page` is emptied first and keeps its memory.
void find_lines(std::string_view text, Page& page);

/// At most 96 lines: the first and the last 32, and of the others the 32 with the smallest keys, so that documents that share a
/// line keep it alike; as many traces as there is room for. 980 bytes at most.
constexpr size_t kPackedLines = 96, kPackedBytes = 980;
std::string pack_lines(const Page& page);
void unpack_lines(std::string_view packed, Page& page);

}  // namespace hone::corpus
