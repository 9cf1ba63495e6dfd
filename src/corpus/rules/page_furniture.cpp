#include "corpus/rules/page_furniture.h"

#include <algorithm>
#include <cstring>

#include "document/page_furniture.h"

namespace hone::corpus {
namespace {

constexpr std::string_view kLineKind = "page_furniture", kSpaceKind = "page_break";
constexpr std::string_view kBlank = " \t\r\n\f";
constexpr double kFullLine = 0.6;  // of the longest line of its page: a line that may go on

/// A line without the blanks around it.
struct Line {
  size_t begin = 0, end = 0;
  bool blank_before = false;
};

using PageOfLines = std::vector<Line>;

std::vector<PageOfLines> split(std::string_view text) {
  std::vector<PageOfLines> pages(1);
  bool blank = false;
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find_first_of("\n\f", at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const size_t first = line.find_first_not_of(kBlank);
    if (first == std::string_view::npos) {
      blank = true;
    } else {
      pages.back().push_back({at + first, at + line.find_last_not_of(kBlank) + 1, blank});
      blank = false;
    }
    if (end < text.size() && text[end] == '\f') {
      pages.emplace_back();
      blank = false;
    }
    at = end + 1;
  }
  return pages;
}

std::vector<document::PageLines> as_edges(std::string_view text, const std::vector<PageOfLines>& pages) {
  std::vector<document::PageLines> edges;
  for (const PageOfLines& page : pages) {
    document::PageLines lines;
    for (size_t i = 0; i < page.size(); ++i) {
      const bool apart = i + 1 == page.size() || page[i + 1].blank_before;
      lines.push_back({text.substr(page[i].begin, page[i].end - page[i].begin), true, apart});
    }
    edges.push_back(std::move(lines));
  }
  return edges;
}

bool ends_sentence(std::string_view line) {
  for (const std::string_view closing : {"\u201D", "\u2019", "\"", "'", ")"})
    if (line.ends_with(closing)) line.remove_suffix(closing.size());
  return line.empty() || std::strchr(".!?:;", line.back()) != nullptr || line.ends_with("\u3002");
}

/// Whether the paragraph of `last`, the last line of its page, goes on with `first`.
bool goes_on(std::string_view last, std::string_view first, size_t longest) {
  if (ends_sentence(last) || static_cast<double>(last.size()) < kFullLine * static_cast<double>(longest))
    return false;
  const auto begin = static_cast<unsigned char>(first.front());
  return (begin >= 'a' && begin <= 'z') || (begin >= 0xEA && begin <= 0xED);
}

/// Edits for what lies between two kept lines, or before the first or after the last.
class Gap {
 public:
  Gap(std::string_view text, std::vector<Edit>& edits) : text_(text), edits_(edits) {}

  void clear(size_t begin, size_t end, const std::vector<Line>& furniture, std::string glue) {
    size_t at = begin;
    for (const Line& line : furniture) {
      space(at, line.begin, glue);
      edits_.push_back({line.begin, line.end, "", kLineKind, {}});
      at = line.end;
    }
    space(at, end, glue);
  }

 private:
  void space(size_t begin, size_t end, std::string& glue) {
    if (begin == end || text_.substr(begin, end - begin) == glue) {
      if (begin != end) glue.clear();
      return;
    }
    edits_.push_back({begin, end, std::move(glue), kSpaceKind, Family::normalise});
    glue.clear();
  }

  std::string_view text_;
  std::vector<Edit>& edits_;
};

std::vector<Edit> edits_for(std::string_view text, const std::vector<PageOfLines>& pages,
                            const std::vector<std::vector<bool>>& gone) {
  std::vector<Edit> edits;
  Gap gap(text, edits);
  std::vector<Line> between;   // furniture since the last kept line
  const Line* last = nullptr;  // the last kept line
  size_t longest = 0;          // of the page of `last`
  bool new_page = false;
  for (size_t page = 0; page < pages.size(); ++page) {
    new_page = page > 0;
    size_t here = 0;
    for (size_t i = 0; i < pages[page].size(); ++i) {
      const Line& line = pages[page][i];
      here = std::max(here, line.end - line.begin);
      if (gone[page][i]) {
        between.push_back(line);
        continue;
      }
      if (!between.empty() || (new_page && last != nullptr)) {
        const std::string_view first = text.substr(line.begin, line.end - line.begin);
        std::string glue;
        if (last != nullptr)
          glue = goes_on(text.substr(last->begin, last->end - last->begin), first, longest) ? "\n" : "\n\n";
        gap.clear(last == nullptr ? 0 : last->end, line.begin, between, std::move(glue));
        between.clear();
      }
      new_page = false;
      last = &line;
    }
    longest = here;
  }
  if (!between.empty())
    gap.clear(last == nullptr ? 0 : last->end, text.size(), between, last == nullptr ? "" : "\n");
  return edits;
}

}  // namespace

Outcome PageFurniture::judge(const DocumentView& document) const {
  const std::string_view text = document.text;
  if (text.find('\f') == std::string_view::npos) return Outcome::keep();
  const std::vector<PageOfLines> pages = split(text);
  const auto gone = document::find_page_furniture(as_edges(text, pages));
  size_t lines = 0, all = 0;
  for (const auto& page : gone) {
    lines += static_cast<size_t>(std::count(page.begin(), page.end(), true));
    all += page.size();
  }
  if (lines == 0 || lines == all) return Outcome::keep();
  Outcome outcome = Outcome::edit(edits_for(text, pages, gone));
  outcome.findings = {{"pages", static_cast<double>(pages.size())},
                      {"page_furniture_lines", static_cast<double>(lines)}};
  return outcome;
}

}  // namespace hone::corpus
