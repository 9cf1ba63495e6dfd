#include "document/page_furniture.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace hone::document {
namespace {

constexpr size_t kMaxBytes = 240;  // longer lines are text
constexpr int kRounds = 5;         // lines of furniture at one edge
constexpr double kDense =
    0.45;  // share of the pages between the first and the last: heads of every second page
constexpr double kSentenceShare = 0.8;  // of all pages, for what reads like a sentence: a copyright notice
constexpr double kNumberedShare = 0.8;  // of a group's pages, whose number counts with the pages
constexpr size_t kMaxNumbers = 10;
constexpr int64_t kLargestNumber = 99999;

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

/// Value of a lower- or upper-case Roman numeral of usual form up to 399; 0 when it is none.
int64_t roman(std::string_view word) {
  if (word.empty() || word.size() > 9) return 0;
  const bool upper = word[0] < 'a';
  int64_t total = 0, last = 1000;
  for (const char c : word) {
    if ((c < 'a') != upper) return 0;
    const char low = static_cast<char>(c | 32);
    const int64_t value = low == 'i'   ? 1
                          : low == 'v' ? 5
                          : low == 'x' ? 10
                          : low == 'l' ? 50
                          : low == 'c' ? 100
                                       : 0;
    if (value == 0) return 0;
    total += value > last ? value - 2 * last : value;
    last = value;
  }
  static constexpr std::string_view kOnes[] = {"", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"};
  static constexpr std::string_view kTens[] = {"", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc"};
  static constexpr std::string_view kHundreds[] = {"", "c", "cc", "ccc"};
  if (total <= 0 || total > 399) return 0;
  std::string back(kHundreds[total / 100]);
  back.append(kTens[total / 10 % 10]).append(kOnes[total % 10]);
  for (size_t i = 0; i < word.size(); ++i)
    if ((word[i] | 32) != back[i] || back.size() != word.size()) return 0;
  return total;
}

struct Number {
  int64_t value = 0;
  size_t begin = 0, end = 0;  ///< In the masked text's source.
};

/// A line with its numbers masked and white space collapsed.
struct Shape {
  std::string key;
  std::vector<Number> numbers;
  bool first_is_number = false,
       last_is_number = false;  ///< Set off by white space, dashes or bars from the rest.
  bool heading = false;         ///< Its only numbers count chapters, tables, figures …
  bool sentence = false;
  int cells = 1;  ///< Parts set off by bars, tabs or wide space.
  bool usable = false;

  /// Equal for lines that differ in their numbers' values alone. The key by itself is not enough: a "#" may also stand in the text.
  using Pattern = std::pair<std::string_view, size_t>;
  Pattern pattern() const { return {key, numbers.size()}; }
};

/// Full-width digits and letters (U+FF01 to U+FF5E) as ASCII; typographic dashes as '-'.
std::string plain(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == 0xEF && i + 2 < text.size()) {
      const unsigned low = (static_cast<unsigned char>(text[i + 1]) & 0x3Fu) << 6 |
                           (static_cast<unsigned char>(text[i + 2]) & 0x3Fu);
      if (low >= 0xF01 && low <= 0xF5E) {
        result += static_cast<char>(low - 0xF01 + '!');
        i += 3;
        continue;
      }
    }
    const std::string_view three = text.substr(i, 3);
    if (byte == 0xE2 && (three == "\u2010" || three == "\u2011" || three == "\u2012" || three == "\u2013" ||
                         three == "\u2014" || three == "\u2015" || three == "\u2212")) {
      result += '-';
      i += 3;
    } else if (byte == 0xC2 && text.substr(i, 2) == "\u00A0") {
      result += ' ';
      i += 2;
    } else {
      result += text[i++];
    }
  }
  return result;
}

bool ends_like_sentence(std::string_view text) {
  while (!text.empty() &&
         (text.back() == ' ' || text.back() == '"' || text.back() == '\'' || text.back() == ')'))
    text.remove_suffix(1);
  if (text.empty()) return false;
  return text.back() == '.' || text.back() == '?' || text.back() == '!' || text.back() == ':' ||
         text.back() == ';' || text.back() == ',' || text.ends_with("\u3002");
}

/// Words before a number that make it a heading's or an item's rather than a page's.
bool counts_parts(std::string_view before, std::string_view behind) {
  while (!before.empty() && (before.back() == ' ' || before.back() == '.')) before.remove_suffix(1);
  std::string low;
  for (const char c : before) low += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  for (const std::string_view word :
       {"chapter", "section", "article", "part",    "step",     "table",    "figure", "fig",  "appendix",
        "annex",   "item",    "example", "listing", "question", "exercise", "lesson", "unit", "version",
        "release", "표",      "그림",    "부록",    "단계",     "예제",     "별표",   "서식", "붙임"})
    if (low.ends_with(word)) return true;
  if (!before.ends_with("제")) return false;
  while (behind.starts_with(" ")) behind.remove_prefix(1);
  for (const std::string_view word : {"장", "절", "조", "항", "편", "관", "부", "과", "호", "단계"})
    if (behind.starts_with(word)) return true;
  return false;
}

int count_cells(std::string_view text) {
  int cells = 1;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '|' || text[i] == '\t') ++cells;
    if (text[i] != ' ' || i == 0 || text[i - 1] == ' ') continue;
    size_t end = i;
    while (end < text.size() && text[end] == ' ') ++end;
    cells += end - i >= 2 && end < text.size() && text[end] != '|' && text[i - 1] != '|';
  }
  return cells;
}

void find_numbers(std::string_view text, Shape& shape) {
  for (size_t i = 0; i < text.size();) {
    if (digit(text[i])) {
      Number number{0, i, i};
      while (i < text.size() && digit(text[i])) {
        number.value = std::min(kLargestNumber + 1, number.value * 10 + (text[i] - '0'));
        ++i;
      }
      number.end = i;
      shape.numbers.push_back(number);
    } else if (letter(text[i])) {
      const size_t begin = i;
      while (i < text.size() && letter(text[i])) ++i;
      const int64_t value = roman(text.substr(begin, i - begin));
      const bool alone = begin == 0 || i == text.size() || text[i] == ' ';
      const bool set_off =
          (begin == 0 || text[begin - 1] == ' ' || text[begin - 1] == '-' || text[begin - 1] == '(');
      if (value > 0 && alone && set_off) shape.numbers.push_back({value, begin, i});
    } else {
      ++i;
    }
  }
  if (shape.numbers.size() > kMaxNumbers) shape.numbers.clear();
}

/// Only space, dashes, bars, brackets: what dresses a page number.
bool dress(std::string_view text) {
  return text.find_first_not_of(" \t-|/()[]<>.·•:~*#_=") == std::string_view::npos;
}

Shape shape_of(std::string_view raw) {
  Shape shape;
  if (raw.size() > kMaxBytes) return shape;
  shape.usable = true;
  shape.cells = count_cells(raw);
  const std::string text = plain(raw);
  find_numbers(text, shape);
  size_t at = 0;
  const auto copy = [&](size_t end) {
    for (; at < end; ++at) {
      const bool blank = text[at] == ' ' || text[at] == '\t';
      if (!blank)
        shape.key += text[at];
      else if (!shape.key.empty() && shape.key.back() != ' ')
        shape.key += ' ';
    }
  };
  bool any_free = false;
  for (const Number& number : shape.numbers) {
    copy(number.begin);
    shape.key += digit(text[number.begin]) ? '#' : '@';
    at = number.end;
    any_free |= !counts_parts(std::string_view(text).substr(0, number.begin),
                              std::string_view(text).substr(number.end));
  }
  copy(text.size());
  while (!shape.key.empty() && shape.key.back() == ' ') shape.key.pop_back();
  shape.heading = !shape.numbers.empty() && !any_free;
  size_t words = 0;
  for (size_t i = 0; i < shape.key.size(); ++i) words += shape.key[i] == ' ';
  shape.sentence = words >= 3 && ends_like_sentence(shape.key);
  if (!shape.numbers.empty()) {
    const Number &first = shape.numbers.front(), &last = shape.numbers.back();
    const std::string_view view = text;
    const auto apart = [&](size_t from, size_t to) {
      return from == to || dress(view.substr(from, to - from));
    };
    shape.first_is_number = apart(0, first.begin) && (first.end == view.size() || !letter(view[first.end])) &&
                            !shape.heading &&
                            (first.end == view.size() || view[first.end] == ' ' || view[first.end] == '\t');
    shape.last_is_number = apart(last.end, view.size()) && !shape.heading &&
                           (last.begin == 0 || view[last.begin - 1] == ' ' || view[last.begin - 1] == '\t' ||
                            view[last.begin - 1] == '-' || view[last.begin - 1] == '(' ||
                            view[last.begin - 1] == '[' || view[last.begin - 1] == '|');
  }
  return shape;
}

struct Candidate {
  size_t page = 0, line = 0;
  Shape shape;
  bool table = false;  ///< The line further in has as many cells and stands close: the head of a table.
};

struct Span {
  size_t count = 0, first = SIZE_MAX, last = 0;
  void add(size_t page) {
    ++count;
    first = std::min(first, page);
    last = std::max(last, page);
  }
  bool dense() const { return static_cast<double>(count) >= kDense * static_cast<double>(last - first + 1); }
};

/// A chapter's number, which stays for some pages and then goes up.
bool is_climbing(const std::vector<const Candidate*>& group, size_t slot) {
  for (size_t i = 1; i < group.size(); ++i)
    if (group[i]->shape.numbers[slot].value < group[i - 1]->shape.numbers[slot].value) return false;
  return true;
}

/// Every number of the group is the same on all its pages, or one of them counts with the pages and the
/// others are the same or count in their own way.
bool numbers_fit(const std::vector<const Candidate*>& group, bool must_count) {
  const size_t slots = group.front()->shape.numbers.size();
  bool constant = true, counts = false, climbs = false;
  for (size_t slot = 0; slot < slots; ++slot) {
    std::map<int64_t, size_t> values, offsets;
    for (const Candidate* candidate : group) {
      const int64_t value = candidate->shape.numbers[slot].value;
      ++values[value];
      ++offsets[value - static_cast<int64_t>(candidate->page)];
    }
    const auto most = [&](const std::map<int64_t, size_t>& votes) {
      size_t best = 0;
      for (const auto& [value, count] : votes) best = std::max(best, count);
      return static_cast<double>(best) / static_cast<double>(group.size());
    };
    // Runs with their own counting (a part that starts again at 1) have few offsets, not one for each page.
    const bool runs = offsets.size() * 4 <= group.size();
    constant &= values.size() == 1;
    climbs |= values.size() > 1 && values.size() * 2 <= group.size() && is_climbing(group, slot);
    counts |= most(offsets) >= kNumberedShare || runs;
  }
  return ((constant || climbs) && !must_count) || (counts && !group.front()->shape.heading);
}

class Edge {
 public:
  Edge(const std::vector<PageLines>& pages, bool top) : pages_(pages), top_(top), depth_(pages.size()) {}

  /// Takes what is outermost now; false when nothing more goes.
  bool peel(std::vector<std::vector<bool>>& furniture) {
    std::vector<Candidate> candidates = outermost(furniture);
    std::vector<bool> gone(candidates.size());
    by_repetition(candidates, gone);
    by_turns(candidates, gone);
    by_number(candidates, gone);
    bool any = false;
    for (size_t i = 0; i < candidates.size(); ++i) {
      if (!gone[i]) continue;
      furniture[candidates[i].page][candidates[i].line] = true;
      ++depth_[candidates[i].page];
      any = true;
    }
    return any;
  }

 private:
  size_t line_at(size_t page, size_t depth) const { return top_ ? depth : pages_[page].size() - 1 - depth; }

  std::vector<Candidate> outermost(const std::vector<std::vector<bool>>& furniture) const {
    std::vector<Candidate> candidates;
    for (size_t page = 0; page < pages_.size(); ++page) {
      const size_t size = pages_[page].size();
      if (depth_[page] >= size) continue;
      const size_t at = line_at(page, depth_[page]);
      const EdgeLine& line = pages_[page][at];
      if (!line.candidate || furniture[page][at]) continue;
      Candidate candidate{page, at, shape_of(line.text), false};
      if (!candidate.shape.usable || candidate.shape.key.empty()) continue;
      if (top_ && !line.set_off && depth_[page] + 1 < size && candidate.shape.cells > 1)
        candidate.table = count_cells(pages_[page][at + 1].text) == candidate.shape.cells;
      candidates.push_back(std::move(candidate));
    }
    return candidates;
  }

  using Group = std::vector<const Candidate*>;

  std::vector<std::vector<size_t>> groups_of(const std::vector<Candidate>& candidates) const {
    std::map<Shape::Pattern, size_t> known;
    std::vector<std::vector<size_t>> groups;
    for (size_t i = 0; i < candidates.size(); ++i) {
      const auto [at, fresh] = known.emplace(candidates[i].shape.pattern(), groups.size());
      if (fresh) groups.emplace_back();
      groups[at->second].push_back(i);
    }
    return groups;
  }

  /// Lines alike on many pages; then, where most pages have such a line, lines alike on two pages in a row.
  void by_repetition(const std::vector<Candidate>& candidates, std::vector<bool>& gone) const {
    const auto groups = groups_of(candidates);
    size_t found = 0;
    for (const bool second_look : {false, true}) {
      if (second_look && found * 2 < pages_.size()) return;
      for (const std::vector<size_t>& members : groups) {
        if (gone[members.front()]) continue;
        Group group;
        for (const size_t i : members) group.push_back(&candidates[i]);
        if (second_look ? !is_short_run(group) : !repeats(group)) continue;
        for (const size_t i : members) gone[i] = true;
        found += members.size();
      }
    }
  }

  bool set_off(const Candidate& candidate) const { return pages_[candidate.page][candidate.line].set_off; }

  bool repeats(const Group& group) const {
    Span span;
    size_t tables = 0;
    for (const Candidate* candidate : group) {
      span.add(candidate->page);
      tables += candidate->table;
    }
    const bool number_alone = is_page_number(pages_[group.front()->page][group.front()->line].text);
    // A title page has no head: in a document of three pages that leaves two.
    const bool all_but_first = span.count == 2 && pages_.size() == 3 && span.first == 1 &&
                               set_off(*group[0]) && set_off(*group[1]) && !group[0]->shape.sentence;
    const size_t fewest = number_alone || all_but_first ? 2 : kFewestPages;
    return span.count >= fewest && tables * 2 <= span.count && enough(span, group.front()->shape) &&
           numbers_fit(group, number_alone && span.count < kFewestPages);
  }

  bool is_short_run(const Group& group) const {
    if (group.size() < 2 || group.front()->shape.sentence || group.front()->table ||
        !numbers_fit(group, false))
      return false;
    for (size_t i = 0; i < group.size(); ++i)
      if (!set_off(*group[i]) || (i > 0 && group[i]->page - group[i - 1]->page > 2)) return false;
    return true;
  }

  /// Left and right pages of a short document: one line on all even pages, another on all odd ones; the first
  /// page may have none.
  void by_turns(const std::vector<Candidate>& candidates, std::vector<bool>& gone) const {
    for (const size_t first_page : {size_t{0}, size_t{1}}) {
      std::array<std::vector<size_t>, 2> sides;
      for (size_t i = 0; i < candidates.size(); ++i)
        if (candidates[i].page >= first_page) sides[candidates[i].page % 2].push_back(i);
      if (!one_line(candidates, sides[0]) || !one_line(candidates, sides[1])) continue;
      for (const std::vector<size_t>& side : sides)
        for (const size_t i : side) gone[i] = true;
      return;
    }
  }

  bool one_line(const std::vector<Candidate>& candidates, const std::vector<size_t>& side) const {
    if (side.size() < 2) return false;
    Group group;
    for (const size_t i : side) {
      const Candidate &candidate = candidates[i], &first = candidates[side.front()];
      if (candidate.shape.pattern() != first.shape.pattern() || candidate.shape.sentence || candidate.table ||
          !set_off(candidate))
        return false;
      group.push_back(&candidate);
    }
    return numbers_fit(group, false);
  }

  bool enough(const Span& span, const Shape& shape) const {
    const double share = static_cast<double>(span.count) / static_cast<double>(pages_.size());
    return shape.sentence ? share >= kSentenceShare : share >= 0.5 || span.dense();
  }

  /// Lines whose first or last number counts with the pages, whatever else they say.
  void by_number(const std::vector<Candidate>& candidates, std::vector<bool>& gone) const {
    std::map<int64_t, Span> offsets;
    const auto each_offset = [&](const Candidate& candidate, auto&& take) {
      if (candidate.shape.numbers.empty() || candidate.shape.sentence) return;
      const auto page = static_cast<int64_t>(candidate.page);
      if (candidate.shape.last_is_number) take(candidate.shape.numbers.back().value - page);
      if (candidate.shape.first_is_number &&
          !(candidate.shape.last_is_number && candidate.shape.numbers.size() == 1))
        take(candidate.shape.numbers.front().value - page);
    };
    for (const Candidate& candidate : candidates)
      each_offset(candidate, [&](int64_t offset) { offsets[offset].add(candidate.page); });
    for (size_t i = 0; i < candidates.size(); ++i)
      each_offset(candidates[i], [&](int64_t offset) {
        const Span& span = offsets[offset];
        if (span.count >= kFewestPages && span.dense()) gone[i] = true;
      });
  }

  const std::vector<PageLines>& pages_;
  bool top_;
  std::vector<size_t> depth_;
};

/// "page", "p.", "쪽" and the like, and "of".
bool number_word(std::string_view word) {
  for (const std::string_view known :
       {"page", "pages", "p", "p.", "pg", "pg.", "pp.", "of", "쪽", "페이지", "면", "중", "총", "의"})
    if (word == known) return true;
  return false;
}

}  // namespace

std::vector<std::vector<bool>> find_page_furniture(const std::vector<PageLines>& pages) {
  std::vector<std::vector<bool>> furniture;
  for (const PageLines& page : pages) furniture.emplace_back(page.size());
  if (pages.size() < kFewestPages) return furniture;
  Edge foot(pages, false), head(pages, true);
  for (int round = 0; round < kRounds && foot.peel(furniture); ++round) {
  }
  for (int round = 0; round < kRounds && head.peel(furniture); ++round) {
  }
  return furniture;
}

bool is_page_number(std::string_view line) {
  const Shape shape = shape_of(line);
  if (!shape.usable || shape.numbers.empty() || shape.numbers.size() > 2) return false;
  std::string word;
  for (const char c : shape.key + " ") {
    if (letter(c) || (c == '.' && !word.empty())) {
      if (!(c == '@' || c == '#')) word += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      continue;
    }
    if (!word.empty() && !number_word(word)) return false;
    word.clear();
    if (c != '@' && !dress(std::string_view(&c, 1))) return false;
  }
  return true;
}

bool ends_in_page_number(std::string_view line, int page) {
  const Shape shape = shape_of(line);
  if (!shape.usable || shape.numbers.empty()) return false;
  const std::string& key = shape.key;
  const bool dressed = key.ends_with("- # -") || key.ends_with("[#]") || key.ends_with("(#)") ||
                       key.ends_with("| #") || key.ends_with("#쪽") || key.ends_with("# 쪽") ||
                       key.ends_with("age #") || key.ends_with("age # of #") || key.ends_with("# / #");
  if (!dressed) return false;
  for (const Number& number : shape.numbers)
    if (number.value == page) return true;
  return false;
}

}  // namespace hone::document
