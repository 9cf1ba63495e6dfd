#include "document/page_margins.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <string>

#include "document/page_furniture.h"

namespace hone::document {
namespace {

constexpr double kZone = 0.16;     // of the page's height: where heads and feet may stand
constexpr double kMargin = 0.085;  // where text of a document of one page would hardly begin
constexpr double kSmaller = 0.93;  // than body type
constexpr double kLarger = 1.15;   // the same, at most, of heads in body type that stand far out
constexpr double kFarOut = 0.06;   // of the page's height
constexpr double kWideGap = 2.5;   // of a line's height
constexpr double kGap = 0.6;       // of a line's height, at least, between furniture and text
constexpr double kFarther = 1.2;
constexpr size_t kMaxRowBytes = 160;

/// Lines side by side.
struct Row {
  double top = 0, bottom = 0, height = 0;
  std::vector<size_t> lines;
  std::string text;
};

std::string text_of(const PageLine& line) {
  std::string text;
  for (const PageWord& word : line.words) {
    if (text.size() > 2 * kMaxRowBytes) break;
    if (!text.empty()) text += ' ';
    text += word.text;
  }
  return text;
}

std::vector<Row> rows_of(const Page& page) {
  std::vector<size_t> order(page.lines.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return page.lines[a].box.middle() < page.lines[b].box.middle();
  });
  std::vector<Row> rows;
  for (const size_t i : order) {
    const Box& box = page.lines[i].box;
    const bool beside = !rows.empty() && box.middle() < (rows.back().top + rows.back().bottom) / 2 +
                                                            0.4 * std::min(box.height(), rows.back().height);
    if (!beside) rows.push_back({box.top, box.bottom, box.height(), {}, {}});
    Row& row = rows.back();
    row.lines.push_back(i);
    row.top = std::min(row.top, box.top);
    row.bottom = std::max(row.bottom, box.bottom);
  }
  for (Row& row : rows) {
    std::stable_sort(row.lines.begin(), row.lines.end(),
                     [&](size_t a, size_t b) { return page.lines[a].box.left < page.lines[b].box.left; });
    for (const size_t i : row.lines) {
      if (row.text.size() > kMaxRowBytes) break;
      if (!row.text.empty()) row.text += "  ";
      row.text += text_of(page.lines[i]);
    }
  }
  return rows;
}

/// Apart from the next row further in, and where both are of one size, farther than that one is from its own
/// neighbour.
bool set_off(const std::vector<Row>& rows, size_t row, bool top) {
  if (top ? row + 1 >= rows.size() : row == 0) return true;
  const auto gap = [&](size_t upper) { return rows[upper + 1].top - rows[upper].bottom; };
  const Row& inner = top ? rows[row + 1] : rows[row - 1];
  const double here = gap(top ? row : row - 1);
  if (here <= kGap * rows[row].height) return false;
  const bool one_size = std::abs(inner.height - rows[row].height) < 0.05 * inner.height;
  if (!one_size || (top ? row + 2 >= rows.size() : row == 1)) return true;
  return here > kFarther * gap(top ? row + 1 : row - 2);
}

/// Rows of a page that may be furniture, as the text-only search sees them.
PageLines edge_lines(const Page& page, const std::vector<Row>& rows) {
  PageLines lines;
  for (size_t i = 0; i < rows.size(); ++i) {
    const bool top = rows[i].bottom<kZone * page.height, bottom = rows[i].top>(1 - kZone) * page.height;
    lines.push_back({rows[i].text, top || bottom, set_off(rows, i, top)});
  }
  return lines;
}

/// A page alone says by its type what is not of the text: small, far out, apart; or a page number in its
/// dress.
bool looks_like_margin(const Page& page, const std::vector<Row>& rows, size_t row, int number, double body) {
  const Row& candidate = rows[row];
  const bool top = candidate.bottom<kMargin * page.height, bottom = candidate.top>(1 - kMargin) * page.height;
  if ((!top && !bottom) || candidate.text.size() > kMaxRowBytes || !set_off(rows, row, top)) return false;
  if (bottom && (is_page_number(candidate.text) || ends_in_page_number(candidate.text, number))) return true;
  if (candidate.height < kSmaller * body) return true;
  const double outside = top ? candidate.bottom : page.height - candidate.top;
  const double gap = top ? (row + 1 < rows.size() ? rows[row + 1].top - candidate.bottom : 0)
                         : (row > 0 ? candidate.top - rows[row - 1].bottom : 0);
  return outside < kFarOut * page.height && gap > kWideGap * candidate.height &&
         candidate.height < kLarger * body;
}

void find_in_short(const PagedWords& words, const std::vector<std::vector<Row>>& rows,
                   std::vector<std::vector<bool>>& margins) {
  const double body = body_height(words);
  const auto mark = [&](size_t page, size_t row) {
    for (const size_t line : rows[page][row].lines) margins[page][line] = true;
  };
  for (size_t page = 0; page < rows.size(); ++page) {
    const auto& here = rows[page];
    const auto same_elsewhere = [&](size_t row, bool top) {
      if (rows.size() != 2 || !set_off(here, row, top)) return false;
      const auto& other = rows[1 - page];
      if (other.empty()) return false;
      const Row& twin = top ? other.front() : other.back();
      const double zone =
          top ? here[row].bottom / words.pages[page].height : 1 - here[row].top / words.pages[page].height;
      return zone < kZone && twin.text == here[row].text && std::abs(twin.top - here[row].top) < 2;
    };
    size_t first = 0, last = here.size();
    while (first < last &&
           (looks_like_margin(words.pages[page], here, first, static_cast<int>(page) + 1, body) ||
            (first == 0 && same_elsewhere(first, true))))
      mark(page, first++);
    while (last > first &&
           (looks_like_margin(words.pages[page], here, last - 1, static_cast<int>(page) + 1, body) ||
            (last == here.size() && same_elsewhere(last - 1, false))))
      mark(page, --last);
  }
}

}  // namespace

double body_height(const PagedWords& words) {
  std::map<int64_t, uint64_t> bytes;  // by height in tenths
  for (const Page& page : words.pages)
    for (const PageLine& line : page.lines)
      for (const PageWord& word : line.words) bytes[std::llround(10 * line.box.height())] += word.text.size();
  int64_t best = 0;
  uint64_t most = 0;
  for (const auto& [height, count] : bytes)
    if (count > most) {
      most = count;
      best = height;
    }
  return static_cast<double>(best) / 10;
}

std::vector<std::vector<bool>> find_margins(const PagedWords& words) {
  std::vector<std::vector<Row>> rows;
  std::vector<std::vector<bool>> margins;
  for (const Page& page : words.pages) {
    rows.push_back(rows_of(page));
    margins.emplace_back(page.lines.size());
  }
  if (words.pages.size() < kFewestPages) {
    find_in_short(words, rows, margins);
    return margins;
  }
  std::vector<PageLines> pages;
  for (size_t page = 0; page < rows.size(); ++page)
    pages.push_back(edge_lines(words.pages[page], rows[page]));
  const auto furniture = find_page_furniture(pages);
  for (size_t page = 0; page < rows.size(); ++page)
    for (size_t row = 0; row < rows[page].size(); ++row)
      if (furniture[page][row])
        for (const size_t line : rows[page][row].lines) margins[page][line] = true;
  return margins;
}

}  // namespace hone::document
