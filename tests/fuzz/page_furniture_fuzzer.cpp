/// Lines of pages, parted by LF and FF: each gets a verdict, whatever it says; a line that opens with '!' is one that may not go.
#include <cstdlib>
#include <string_view>

#include "document/encoding.h"
#include "document/page_furniture.h"

namespace {

hone::document::PageLines lines_of(std::string_view page) {
  hone::document::PageLines lines;
  while (!page.empty()) {
    const std::string_view line = page.substr(0, page.find('\n'));
    page.remove_prefix(std::min(page.size(), line.size() + 1));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    lines.push_back({.text = line, .candidate = line.front() != '!', .set_off = line.back() != '.'});
  }
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hone::document;
  const std::string text = mend_utf8({reinterpret_cast<const char*>(data), size});
  std::vector<PageLines> pages;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view page = rest.substr(0, rest.find('\f'));
    rest.remove_prefix(std::min(rest.size(), page.size() + 1));
    pages.push_back(lines_of(page));
  }
  const auto verdicts = find_page_furniture(pages);
  if (verdicts.size() != pages.size()) std::abort();
  for (size_t i = 0; i < pages.size(); ++i) {
    if (verdicts[i].size() != pages[i].size()) std::abort();
    for (size_t k = 0; k < pages[i].size(); ++k) {
      if (verdicts[i][k] && !pages[i][k].candidate) std::abort();
      is_page_number(pages[i][k].text);
      ends_in_page_number(pages[i][k].text, static_cast<int>(i + 1));
    }
  }
  return 0;
}
