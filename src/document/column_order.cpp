#include "document/column_order.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

namespace hone::document {
namespace {

constexpr size_t kBins = 400;
constexpr size_t kFewestLines = 4;      // on each side
constexpr double kOuterShare = 0.15;    // of the width, at either side, where no gutter is
constexpr double kCrossingShare = 0.3;  // of the lines beside it, at most, cross a gutter
constexpr double kProseWidth = 9;    // of a line's height, that lines of prose mostly exceed and cells do not
constexpr double kNarrowest = 0.45;  // of a line's height
constexpr int kDeepest = 4;
constexpr std::ptrdiff_t kFewestLeaders = 3;
constexpr size_t kFewestRows = 3;
constexpr double kTableShare = 0.3;  // of a page's rows, from which its lines are ordered by rows

using Lines = std::vector<const PageLine*>;
using Indices = std::vector<size_t>;

struct Gutter {
  double left = 0, right = 0;
  double middle() const { return (left + right) / 2; }
};

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

class Ordering {
 public:
  explicit Ordering(const Lines& lines) : lines_(lines) {}

  void order(Indices region, int depth, Indices& result) const {
    const std::optional<Gutter> gutter = depth < kDeepest ? find_gutter(region) : std::nullopt;
    if (!gutter) {
      if (depth > 0 || is_contents(region) || is_table(region)) sort_down(region);
      result.insert(result.end(), region.begin(), region.end());
      return;
    }
    sort_down(region);
    Indices left, right;
    const auto end_band = [&] {
      order(std::move(left), depth + 1, result);
      order(std::move(right), depth + 1, result);
      left = {};
      right = {};
    };
    for (const size_t i : region) {
      const Box& box = lines_[i]->box;
      if (crosses(box, *gutter)) {
        end_band();
        result.push_back(i);
      } else {
        ((box.left + box.right) / 2 < gutter->middle() ? left : right).push_back(i);
      }
    }
    end_band();
  }

 private:
  /// A table of contents: headings and their page numbers belong on one line.
  bool is_contents(const Indices& region) const {
    return std::count_if(region.begin(), region.end(), [&](size_t i) { return lines_[i]->leader; }) >=
           kFewestLeaders;
  }

  /// Lines side by side that are no columns of prose: the cells of rows.
  bool is_table(Indices region) const {
    sort_down(region);
    size_t rows = 0, wide = 0;
    for (size_t begin = 0, end = 0; begin < region.size(); begin = end) {
      end = end_of_row(region, begin);
      ++rows;
      wide += end - begin > 1;
    }
    return wide >= kFewestRows && static_cast<double>(wide) > kTableShare * static_cast<double>(rows);
  }

  size_t end_of_row(const Indices& region, size_t begin) const {
    const Box& first = lines_[region[begin]]->box;
    size_t end = begin + 1;
    while (end < region.size() && lines_[region[end]]->box.middle() < first.middle() + 0.4 * first.height())
      ++end;
    return end;
  }

  static bool crosses(const Box& box, const Gutter& gutter) {
    const double inside = 0.5 * box.height();
    return box.left < gutter.middle() - inside && box.right > gutter.middle() + inside;
  }

  void sort_down(Indices& region) const {
    std::stable_sort(region.begin(), region.end(),
                     [&](size_t a, size_t b) { return lines_[a]->box.top < lines_[b]->box.top; });
    // Lines side by side in one column: from left to right.
    for (size_t begin = 0, end = 0; begin < region.size(); begin = end) {
      end = end_of_row(region, begin);
      std::stable_sort(region.begin() + static_cast<std::ptrdiff_t>(begin),
                       region.begin() + static_cast<std::ptrdiff_t>(end),
                       [&](size_t a, size_t b) { return lines_[a]->box.left < lines_[b]->box.left; });
    }
  }

  /// The widest strip that the fewest lines cross.
  std::optional<Gutter> find_gutter(const Indices& region) const {
    if (region.size() < 2 * kFewestLines) return std::nullopt;
    double left = lines_[region.front()]->box.left, right = left;
    for (const size_t i : region) {
      left = std::min(left, lines_[i]->box.left);
      right = std::max(right, lines_[i]->box.right);
    }
    const double bin = (right - left) / kBins;
    if (bin <= 0) return std::nullopt;
    const std::array<size_t, kBins> crossing = coverage(region, left, bin);
    const auto begin = static_cast<size_t>(kOuterShare * kBins), end = kBins - begin;
    const size_t fewest = *std::min_element(crossing.begin() + static_cast<std::ptrdiff_t>(begin),
                                            crossing.begin() + static_cast<std::ptrdiff_t>(end));
    Gutter best;
    for (size_t i = begin; i < end;) {
      size_t stop = i;
      while (stop < end && crossing[stop] <= fewest + region.size() / 50) ++stop;
      if (stop > i && static_cast<double>(stop - i) * bin > best.right - best.left)
        best = {left + static_cast<double>(i) * bin, left + static_cast<double>(stop) * bin};
      i = stop + 1;
    }
    return separates_prose(region, best) ? std::optional(best) : std::nullopt;
  }

  std::array<size_t, kBins> coverage(const Indices& region, double left, double bin) const {
    std::array<size_t, kBins> counts{};
    std::array<int64_t, kBins + 1> change{};
    for (const size_t i : region) {
      const auto place = [&](double x) {
        return static_cast<size_t>(std::clamp((x - left) / bin, 0.0, static_cast<double>(kBins)));
      };
      ++change[place(lines_[i]->box.left)];
      --change[std::min(kBins, place(lines_[i]->box.right) + 1)];
    }
    int64_t open = 0;
    for (size_t i = 0; i < kBins; ++i)
      counts[i] = static_cast<size_t>(std::max<int64_t>(0, open += change[i]));
    return counts;
  }

  /// Enough lines on both sides, at the same heights, as long as those of prose: not the cells of a table.
  bool separates_prose(const Indices& region, const Gutter& gutter) const {
    std::vector<double> widths[2], heights;
    double top[2] = {1e9, 1e9}, bottom[2] = {-1e9, -1e9};
    size_t crossing = 0;
    for (const size_t i : region) {
      const Box& box = lines_[i]->box;
      heights.push_back(box.height());
      if (crosses(box, gutter)) {
        ++crossing;
        continue;
      }
      const size_t side = (box.left + box.right) / 2 < gutter.middle() ? 0 : 1;
      widths[side].push_back(box.width());
      top[side] = std::min(top[side], box.top);
      bottom[side] = std::max(bottom[side], box.bottom);
    }
    if (widths[0].size() < kFewestLines || widths[1].size() < kFewestLines) return false;
    if (static_cast<double>(crossing) > kCrossingShare * static_cast<double>(region.size())) return false;
    if (gutter.right - gutter.left < kNarrowest * median(heights)) return false;
    if (std::min(bottom[0], bottom[1]) <= std::max(top[0], top[1])) return false;
    return std::min(median(widths[0]), median(widths[1])) > kProseWidth * median(heights);
  }

  const Lines& lines_;
};

}  // namespace

std::vector<size_t> reading_order(const std::vector<const PageLine*>& lines) {
  Indices all(lines.size()), result;
  std::iota(all.begin(), all.end(), size_t{0});
  result.reserve(lines.size());
  Ordering(lines).order(std::move(all), 0, result);
  return result;
}

}  // namespace hone::document
