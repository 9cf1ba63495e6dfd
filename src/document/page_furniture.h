#pragma once
/// Which lines of a document in pages are not of the text: running heads, running feet, page numbers.
///
/// Only lines at the edge of a page come into question, outermost first; a line further in only when all
/// outside it went. Such a line is furniture when, with its numbers masked, it stands at the same edge of
/// many pages (of all, of every second, or of a run of them as chapter heads do) and its numbers are either
/// the same everywhere or count with the pages; or when it begins or ends with a number that counts with the
/// pages ("4.13. Embedded code copies  29"). What repeats for another reason stays: the head of a table that
/// goes on, a sentence, numbered headings.
#include <string_view>
#include <vector>

namespace hone::document {

struct EdgeLine {
  std::string_view text;  ///< UTF-8, one line; not blank.
  bool candidate =
      true;  ///< False: known to be of the text (too far from the edge, say); nothing further in goes either.
  bool set_off = true;  ///< Space parts it from the next line further in, or there is none.
};

/// The lines of one page from top to bottom.
using PageLines = std::vector<EdgeLine>;

/// The fewest pages from which repetition says something.
constexpr size_t kFewestPages = 3;

/// For each line of each page whether it is furniture. All false below kFewestPages. Time is linear in the
/// lines near the edges.
std::vector<std::vector<bool>> find_page_furniture(const std::vector<PageLines>& pages);

/// Whether a line says nothing but a page number: "- 3 -", "Page 3 of 9", "3 / 9쪽", "iv"; with `page` that
/// number.
bool is_page_number(std::string_view line);
/// Whether the line ends or begins with a page number in its usual dress, beside other words: "Confidential -
/// 1 -".
bool ends_in_page_number(std::string_view line, int page);

}  // namespace hone::document
