#include "document/gutters.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace hone::document {
namespace {

constexpr size_t kBins = 600;     // over the width of the page
constexpr double kWideGap = 0.7;  // of a line's height
constexpr double kTimesUsual = 2.2;
constexpr uint32_t kFewestLines = 5;
constexpr double kShareOfLines = 0.15;
constexpr int kMostGutters = 3;

size_t bin_of(double x, const Page& page) {
  return static_cast<size_t>(std::clamp(x / page.width, 0.0, 1.0) * (kBins - 1));
}

/// What counts as wide on a page: also much more than its words are apart anyway, which in type writer's type
/// is a lot.
double wide_gap(const Page& page) {
  std::vector<double> gaps;
  for (const PageLine& line : page.lines)
    for (size_t i = 1; i < line.words.size(); ++i)
      gaps.push_back(line.words[i].box.left - line.words[i - 1].box.right);
  if (gaps.empty()) return 0;
  const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
  std::nth_element(gaps.begin(), middle, gaps.end());
  return kTimesUsual * *middle;
}

/// The bin that lies in the wide gaps of most lines; kBins when those are too few.
size_t common_gap(const Page& page, double wide) {
  std::array<int64_t, kBins + 1> change{};
  for (const PageLine& line : page.lines)
    for (size_t i = 1; i < line.words.size(); ++i) {
      const double left = line.words[i - 1].box.right, right = line.words[i].box.left;
      if (right - left < std::max(wide, kWideGap * line.box.height())) continue;
      ++change[bin_of(left, page)];
      --change[bin_of(right, page) + 1];
    }
  int64_t open = 0, most = 0;
  size_t best = kBins;
  for (size_t i = 0; i < kBins; ++i)
    if ((open += change[i]) > most) {
      most = open;
      best = i;
    }
  const double fewest =
      std::max<double>(kFewestLines, kShareOfLines * static_cast<double>(page.lines.size()));
  return static_cast<double>(most) >= fewest ? best : kBins;
}

/// The word behind the gap at `bin`; 0 when there is none.
size_t word_behind(const PageLine& line, size_t bin, const Page& page, double wide) {
  for (size_t i = 1; i < line.words.size(); ++i) {
    const double left = line.words[i - 1].box.right, right = line.words[i].box.left;
    if (right - left >= std::max(wide, kWideGap * line.box.height()) && bin_of(left, page) <= bin &&
        bin <= bin_of(right, page))
      return i;
  }
  return 0;
}

void fit_box(PageLine& line) {
  line.box = line.words.front().box;
  for (const PageWord& word : line.words)
    line.box = {std::min(line.box.left, word.box.left), std::min(line.box.top, word.box.top),
                std::max(line.box.right, word.box.right), std::max(line.box.bottom, word.box.bottom)};
}

}  // namespace

void split_at_gutters(Page& page) {
  const double wide = wide_gap(page);
  for (int turn = 0; turn < kMostGutters; ++turn) {
    const size_t bin = common_gap(page, wide);
    if (bin == kBins) return;
    std::vector<PageLine> lines;
    lines.reserve(page.lines.size());
    for (PageLine& line : page.lines) {
      const size_t at = word_behind(line, bin, page, wide);
      if (at == 0) {
        lines.push_back(std::move(line));
        continue;
      }
      PageLine right = line;
      right.words.erase(right.words.begin(), right.words.begin() + static_cast<std::ptrdiff_t>(at));
      line.words.resize(at);
      fit_box(line);
      fit_box(right);
      lines.push_back(std::move(line));
      lines.push_back(std::move(right));
    }
    page.lines = std::move(lines);
  }
}

}  // namespace hone::document
