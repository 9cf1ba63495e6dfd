#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/chart.h"
#include "report/svg.h"

namespace hone::report {

namespace {

constexpr double kWidth = 640, kHeight = 320;
constexpr double kLeft = 52, kRight = 16, kTop = 34, kBottom = 44;

/// From data to the drawing.
struct Frame {
  double x_high, y_low, y_high;
  double x(double value) const { return kLeft + value / x_high * (kWidth - kLeft - kRight); }
  double y(double value) const {
    return kHeight - kBottom - (value - y_low) / (y_high - y_low) * (kHeight - kTop - kBottom);
  }
};

Frame frame_of(const std::vector<Series>& series) {
  double x_high = 0, low = HUGE_VAL, high = -HUGE_VAL;
  for (const Series& one : series)
    for (const auto& [x, y] : one.points) {
      x_high = std::max(x_high, x);
      low = std::min(low, y);
      high = std::max(high, y);
    }
  const auto ticks = round_ticks(low, high, 5);
  return {x_high > 0 ? x_high : 1, std::min(low, ticks.front()), std::max(high, ticks.back())};
}

/// Digits after the point that tell neighbouring ticks apart.
int decimals_of(double step) {
  int places = 0;
  while (places < 6 && std::abs(step - std::round(step)) > 1e-6) {
    step *= 10;
    ++places;
  }
  return places;
}

void draw_axes(Html& out, const Voice& voice, const ChartLabels& labels, const Frame& frame) {
  const auto y_ticks = round_ticks(frame.y_low, frame.y_high, 5);
  const int places = decimals_of(y_ticks[1] - y_ticks[0]);
  for (const double tick : y_ticks) {
    if (tick < frame.y_low || tick > frame.y_high) continue;
    svg_line(out, "grid", kLeft, frame.y(tick), kWidth - kRight, frame.y(tick));
    svg_text(out, "tick end", kLeft - 8, frame.y(tick) + 4, voice.decimal(tick, places));
  }
  for (const double tick : round_ticks(0, frame.x_high, 6)) {
    if (tick > frame.x_high) continue;
    svg_text(out, "tick middle", frame.x(tick), kHeight - kBottom + 18, voice.count(tick));
  }
  svg_line(out, "axis", kLeft, kHeight - kBottom, kWidth - kRight, kHeight - kBottom);
  svg_text(out, "tick end", kWidth - kRight, kHeight - 6, labels.x);
}

std::string path_of(const Series& series, const Frame& frame) {
  std::string path;
  for (const auto& [x, y] : series.points)
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", frame.x(x), frame.y(y));
  return path;
}

}  // namespace

void line_chart(Html& out, const Voice& voice, const ChartLabels& labels, const std::vector<Series>& series) {
  const bool any =
      std::any_of(series.begin(), series.end(), [](const Series& one) { return !one.points.empty(); });
  if (!any) return;
  const Frame frame = frame_of(series);
  svg_open(out, labels, kWidth, kHeight);
  svg_text(out, "tick", 0, 14, labels.y);
  draw_axes(out, voice, labels, frame);
  double legend = kWidth - kRight;
  for (auto one = series.rbegin(); one != series.rend(); ++one) {
    legend -= svg_width(one->name);
    svg_text(out, "legend", legend, 14, one->name);
    legend -= 30;
    svg_line(out, "line series-" + one->style, legend, 10, legend + 24, 10);
    if (one->marked) svg_dot(out, "mark series-" + one->style, legend + 12, 10, 3.5);
    legend -= 18;
  }
  for (const Series& one : series) {
    if (one.points.size() > 1)
      out.empty("path", {{"class", "line series-" + one.style}, {"d", path_of(one, frame)}});
    if (one.marked || one.points.size() == 1)
      for (const auto& [x, y] : one.points)
        svg_dot(out, "mark series-" + one.style, frame.x(x), frame.y(y), 3.5);
  }
  out.close();
}

}  // namespace hone::report
