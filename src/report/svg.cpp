#include "report/svg.h"

#include <fmt/format.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cmath>

#include "base/log.h"

namespace hone::report {

namespace {

constexpr double kColumn = 6.4;  // a Latin letter at the charts' 12 units

std::string coordinate(double value) { return fmt::format("{:.1f}", value); }

}  // namespace

void svg_open(Html& out, const ChartLabels& labels, double width, double height) {
  const std::string title = labels.id + "-title", description = labels.id + "-desc";
  out.open("svg", {{"role", "img"},
                   {"viewBox", fmt::format("0 0 {:.0f} {:.0f}", width, height)},
                   {"aria-labelledby", title + " " + description}});
  out.element("title", labels.title, {{"id", title}});
  out.element("desc", labels.description, {{"id", description}});
}

void svg_line(Html& out, std::string_view style, double x1, double y1, double x2, double y2) {
  out.empty("line", {{"class", style},
                     {"x1", coordinate(x1)},
                     {"y1", coordinate(y1)},
                     {"x2", coordinate(x2)},
                     {"y2", coordinate(y2)}});
}

void svg_text(Html& out, std::string_view style, double x, double y, std::string_view text) {
  if (!text.empty())
    out.element("text", text, {{"class", style}, {"x", coordinate(x)}, {"y", coordinate(y)}});
}

void svg_bar(Html& out, std::string_view style, double x, double y, double width, double height) {
  out.empty("rect", {{"class", style},
                     {"x", coordinate(x)},
                     {"y", coordinate(y)},
                     {"width", coordinate(std::max(width, 0.0))},
                     {"height", coordinate(height)},
                     {"rx", "1.5"}});
}

void svg_dot(Html& out, std::string_view style, double x, double y, double radius) {
  out.empty("circle",
            {{"class", style}, {"cx", coordinate(x)}, {"cy", coordinate(y)}, {"r", coordinate(radius)}});
}

double svg_width(std::string_view text) { return kColumn * base::columns(text); }

std::string svg_fit(std::string_view text, double width) {
  if (svg_width(text) <= width) return std::string(text);
  int64_t end = 0;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto length = static_cast<int64_t>(text.size());
  while (end < length) {
    int64_t next = end;
    U8_FWD_1(bytes, next, length);
    if (svg_width(text.substr(0, static_cast<size_t>(next))) + kColumn > width) break;
    end = next;
  }
  return std::string(text.substr(0, static_cast<size_t>(end))) + "…";
}

std::vector<double> round_ticks(double low, double high, int count) {
  if (!(high > low)) high = low + (low == 0 ? 1 : std::abs(low) * 0.1);
  const double rough = (high - low) / count;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double factor : {1.0, 2.0, 2.5, 5.0})
    if (factor * power >= rough) {
      step = factor * power;
      break;
    }
  std::vector<double> ticks;
  const double first = std::floor(low / step);
  for (double i = first; (i - 1) * step < high && ticks.size() < 50; ++i) ticks.push_back(i * step);
  return ticks;
}

}  // namespace hone::report
