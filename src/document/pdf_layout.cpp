#include "document/pdf_layout.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "document/column_order.h"
#include "document/gutters.h"
#include "document/line_joints.h"
#include "document/page_margins.h"

namespace hone::document {
namespace {

constexpr double kSameHeight = 0.12;  // share by which lines of one paragraph differ in height
constexpr double kLoose = 0.75;       // of a line's height between lines of a paragraph
constexpr double kApart = 0.35;       // of a line's height, more than between the lines before: a new block
constexpr double kIndent = 0.7;       // of a line's height
constexpr double kSpace = 0.2;        // of a line's height: the narrowest space
constexpr double kWideSpace = 1.6;    // of a line's height, between cells of a row
constexpr double kEdgeQuantile = 0.9;
constexpr size_t kProse = 4;      // words of a line
constexpr double kRagged = 0.25;  // of the column's width, that lines of one paragraph may fall short
constexpr size_t kLongWord = 20;
constexpr double kWholeLine = 0.85;  // of the column's width
constexpr size_t kFewLines = 8;
constexpr size_t kManyLines = 2000;  // of a page; more are not looked at pair by pair

size_t count_code_points(std::string_view text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool ends_sentence(std::string_view text) {
  while (!text.empty() && (text.back() == '"' || text.back() == '\'' || text.back() == ')'))
    text.remove_suffix(1);
  for (const std::string_view closing : {"\u201D", "\u2019"})
    if (text.ends_with(closing)) text.remove_suffix(closing.size());
  return text.empty() || text.back() == '.' || text.back() == '?' || text.back() == '!' ||
         text.back() == ':' || text.back() == ';' || text.ends_with("\u3002");
}

/// "•", "-", "1.", "(2)", "a)", "가.", "①", "※" …: the first word of an item.
bool is_item_mark(std::string_view word) {
  for (const std::string_view mark :
       {"-",      "*",      "+",      "\u2022", "\u25E6", "\u25AA", "\u25AB", "\u25CF",
        "\u25CB", "\u25A0", "\u25A1", "\u25C6", "\u25C7", "\u25B6", "\u25B7", "\u00B7",
        "\u2023", "\u2043", "\u2013", "\u2014", "\u203B", "\u3147", "\u318D"})
    if (word == mark) return true;
  if (word.starts_with("\u2022") || word.starts_with("\u203B")) return true;
  if (word.size() >= 3 && word.starts_with("\xE2\x91")) return true;  // circled numbers
  if (word.size() < 2 || word.size() > 6 || (word.back() != '.' && word.back() != ')')) return false;
  std::string_view inside = word.substr(0, word.size() - 1);
  if (inside.starts_with('(')) inside.remove_prefix(1);
  if (inside.empty()) return false;
  if (std::all_of(inside.begin(), inside.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return inside.size() <= 3;
  if (inside.size() == 1) return std::isalpha(static_cast<unsigned char>(inside[0])) != 0;
  for (const std::string_view syllable :
       {"가", "나", "다", "라", "마", "바", "사", "아", "자", "차", "카", "타", "파", "하"})
    if (inside == syllable) return true;
  return false;
}

/// Where lines beside `line` mostly end.
double right_edge(const std::vector<const PageLine*>& lines, const PageLine& line) {
  std::vector<double> rights;
  for (const PageLine* other : lines) {
    const double shared =
        std::min(other->box.right, line.box.right) - std::max(other->box.left, line.box.left);
    if (shared > 0.5 * std::min(other->box.width(), line.box.width())) rights.push_back(other->box.right);
  }
  if (rights.empty()) return line.box.right;
  if (rights.size() < kFewLines) return *std::max_element(rights.begin(), rights.end());
  const auto at =
      rights.begin() + static_cast<ptrdiff_t>(kEdgeQuantile * static_cast<double>(rights.size() - 1));
  std::nth_element(rights.begin(), at, rights.end());
  return *at;
}

/// A line with what its surroundings say of it.
struct Placed {
  const PageLine* line = nullptr;
  size_t page = 0;
  double edge = 0;
};

enum class Break { none, space, cell, line, paragraph };

bool same_size(const PageLine& a, const PageLine& b) {
  return std::abs(a.box.height() - b.box.height()) <= kSameHeight * std::max(a.box.height(), b.box.height());
}

bool begins_lower(std::string_view word) { return !word.empty() && word[0] >= 'a' && word[0] <= 'z'; }
bool begins_hangul(std::string_view word) {
  return word.size() >= 3 && static_cast<unsigned char>(word[0]) >= 0xEA &&
         static_cast<unsigned char>(word[0]) <= 0xED;
}

class Layout {
 public:
  explicit Layout(const PagedWords& words) : words_(words) {}

  LaidOut make() {
    const auto margins = find_margins(words_);
    for (size_t page = 0; page < words_.pages.size(); ++page) place(page, margins[page]);
    for (size_t i = 1; i < lines_.size(); ++i)
      if (const Break kind = between(lines_[i - 1], lines_[i], i); kind == Break::none)
        joints_.measure(*lines_[i - 1].line, *lines_[i].line, lines_[i - 1].edge);
    write();
    return std::move(result_);
  }

 private:
  void place(size_t page, const std::vector<bool>& margin) {
    std::vector<const PageLine*> kept;
    for (size_t i = 0; i < margin.size(); ++i) {
      const PageLine& line = words_.pages[page].lines[i];
      result_.furniture_lines += margin[i];
      if (margin[i]) continue;
      kept.push_back(&line);
      joints_.learn(line);
    }
    for (const size_t i : reading_order(kept))
      lines_.push_back(
          {kept[i], page, kept.size() > kManyLines ? kept[i]->box.right : right_edge(kept, *kept[i])});
  }

  /// Whether the first word of `below` would have fitted behind `above`.
  static bool had_room(const Placed& above, const Placed& below) {
    const Box& first = below.line->words.front().box;
    return above.edge - above.line->box.right > first.width() + kSpace * above.line->box.height();
  }

  /// Where lines are broken by hand or by another measure, the words themselves still say that a sentence
  /// goes on.
  static bool runs_on(const Placed& above, const Placed& below) {
    const std::string &last = above.line->words.back().text, &first = below.line->words.front().text;
    if (!begins_lower(first)) return false;
    if (last.size() > 2 && last.back() == '-' &&
        std::isalpha(static_cast<unsigned char>(last[last.size() - 2])) != 0)
      return true;
    return !ends_sentence(last) && above.line->words.size() >= kProse && below.line->words.size() >= 2 &&
           above.edge - above.line->box.right < kRagged * (above.edge - above.line->box.left);
  }

  Break between(const Placed& above, const Placed& below, size_t index) const {
    const Box &a = above.line->box, &b = below.line->box;
    if (above.page == below.page &&
        std::abs(a.middle() - b.middle()) < 0.4 * std::min(a.height(), b.height()) && b.left > a.right - 1)
      return b.left - a.right > kWideSpace * a.height() ? Break::cell : Break::space;
    if (above.line->leader || below.line->leader) return close(above, below) ? Break::line : Break::paragraph;
    const bool follows = above.page == below.page && b.top > a.top && b.left < a.right && b.right > a.left;
    if (!same_size(*above.line, *below.line) || is_item_mark(below.line->words.front().text))
      return close(above, below) ? Break::line : Break::paragraph;
    if (!follows && next_row(above, below, index)) return Break::line;
    if (!follows) return goes_on(above, below) ? Break::none : Break::paragraph;
    if (b.top - a.bottom > kLoose * a.height() || stands_apart(index)) return Break::paragraph;
    if (had_room(above, below) && !runs_on(above, below)) return Break::line;
    const bool item = is_item_mark(above.line->words.front().text);
    if (!item && b.left - a.left > kIndent * a.height() && ends_sentence(above.line->words.back().text))
      return Break::paragraph;
    return Break::none;
  }

  /// From the last cell of a table's row to the first of the next.
  bool next_row(const Placed& above, const Placed& below, size_t index) const {
    const Box &a = above.line->box, &b = below.line->box;
    if (above.page != below.page || b.top <= a.middle() || b.top - a.bottom > a.height() || index < 2)
      return false;
    const Placed& before = lines_[index - 2];
    return before.page == above.page && std::abs(before.line->box.middle() - a.middle()) < 0.4 * a.height();
  }

  /// One below the other, without a gap.
  static bool close(const Placed& above, const Placed& below) {
    const Box &a = above.line->box, &b = below.line->box;
    return above.page == below.page && same_size(*above.line, *below.line) && b.top > a.top &&
           b.top - a.bottom < 0.5 * a.height();
  }

  /// More space than between the two lines before, in the same block.
  bool stands_apart(size_t index) const {
    if (index < 2 || lines_[index - 2].page != lines_[index].page) return false;
    const Box &a = lines_[index - 2].line->box, &b = lines_[index - 1].line->box,
              &c = lines_[index].line->box;
    const double before = b.top - a.top, here = c.top - b.top;
    return before > 0 && lines_[index - 2].line->block == lines_[index - 1].line->block &&
           here - before > kApart * b.height();
  }

  /// A paragraph over the end of a column or page.
  static bool goes_on(const Placed& above, const Placed& below) {
    const std::string &last = above.line->words.back().text, &first = below.line->words.front().text;
    if (ends_sentence(last)) return false;
    if (begins_lower(first) && (above.line->words.size() >= 3 || last.back() == '-')) return true;
    return begins_hangul(first) && above.line->words.size() >= 3 && !had_room(above, below);
  }

  void write() {
    size_t code_points = 0, counted = 0;
    const auto mark_pages = [&](size_t page) {
      code_points += count_code_points(std::string_view(text_).substr(counted));
      counted = text_.size();
      while (result_.page_starts.size() <= page) result_.page_starts.push_back(code_points);
    };
    for (size_t i = 0; i < lines_.size(); ++i) {
      std::string_view glue;
      bool drop_hyphen = false;
      if (i > 0) glue = glue_before(i, drop_hyphen);
      if (drop_hyphen)
        text_.resize(text_.size() - (text_.ends_with("\u2010") ? 3 : text_.ends_with("\u00AD") ? 2 : 1));
      if (i == 0 || lines_[i].page != lines_[i - 1].page) {
        text_ += glue;
        counted = std::min(counted, text_.size());
        mark_pages(lines_[i].page);
      } else {
        text_ += glue;
      }
      write_words(*lines_[i].line);
    }
    if (!text_.empty()) text_ += '\n';
    if (!words_.pages.empty()) mark_pages(words_.pages.size() - 1);
    result_.text = std::move(text_);
  }

  std::string_view glue_before(size_t i, bool& drop_hyphen) const {
    switch (between(lines_[i - 1], lines_[i], i)) {
      case Break::none:
        if (is_cut_word(lines_[i - 1]) && goes_on_inside(lines_[i].line->words.front().text)) return "";
        return joints_.between(lines_[i - 1].line->words.back().text, lines_[i].line->words.front().text,
                               drop_hyphen);
      case Break::space:
        return " ";
      case Break::cell:
        return "\t";
      case Break::line:
        return "\n";
      case Break::paragraph:
        return "\n\n";
    }
    return "\n\n";
  }

  static bool goes_on_inside(std::string_view word) {
    return begins_lower(word) || (word[0] >= '0' && word[0] <= '9');
  }

  /// One word that takes the whole line, such as an address: it did not end there.
  static bool is_cut_word(const Placed& placed) {
    const PageLine& line = *placed.line;
    const std::string& word = line.words.front().text;
    return line.words.size() == 1 && word.size() >= kLongWord && word.back() != '-' &&
           line.box.width() > kWholeLine * (placed.edge - line.box.left) &&
           std::all_of(word.begin(), word.end(), [](char c) { return c > ' '; });
  }

  void write_words(const PageLine& line) {
    for (size_t i = 0; i < line.words.size(); ++i) {
      if (i > 0) text_ += ' ';
      text_ += line.words[i].text;
    }
  }

  const PagedWords& words_;
  std::vector<Placed> lines_;
  LineJoints joints_;
  std::string text_;
  LaidOut result_;
};

}  // namespace

LaidOut lay_out(PagedWords words) {
  for (Page& page : words.pages) split_at_gutters(page);
  return Layout(words).make();
}

}  // namespace hone::document
