#include <fmt/format.h>

#include <algorithm>

#include "report/chart.h"
#include "report/svg.h"

namespace hone::report {

namespace {

constexpr double kWidth = 640;
constexpr double kNames = 130;  // room for names at the left
constexpr double kLabels = 56;  // room for figures at the right
constexpr double kBar = 12, kGap = 3, kBetween = 18;

void draw_legend(Html& out, const std::vector<std::pair<std::string, std::string>>& legend) {
  double x = kNames;
  for (const auto& [name, style] : legend) {
    svg_bar(out, "bar series-" + style, x, 2, 14, kBar);
    svg_text(out, "legend", x + 20, 13, name);
    x += 20 + svg_width(name) + 18;
  }
}

void draw_bar(Html& out, const Bar& bar, double y, double scale) {
  svg_bar(out, "bar series-" + bar.style, kNames, y, bar.value * scale, kBar);
  double end = bar.value * scale;
  if (bar.interval) {
    const double middle = y + kBar / 2;
    svg_line(out, "whisker", kNames + bar.interval->first * scale, middle,
             kNames + bar.interval->second * scale, middle);
    end = std::max(end, bar.interval->second * scale);
  }
  svg_text(out, "figure", kNames + end + 6, y + kBar - 2, bar.label);
}

}  // namespace

void bar_chart(Html& out, const ChartLabels& labels, const std::vector<BarGroup>& groups,
               const std::vector<std::pair<std::string, std::string>>& legend) {
  double highest = 0, height = 30;
  for (const BarGroup& group : groups) {
    height += static_cast<double>(group.bars.size()) * (kBar + kGap) + kBetween;
    for (const Bar& bar : group.bars)
      highest = std::max({highest, bar.value, bar.interval ? bar.interval->second : 0.0});
  }
  if (highest <= 0) return;
  const double scale = (kWidth - kNames - kLabels) / highest;
  svg_open(out, labels, kWidth, height);
  draw_legend(out, legend);
  double y = 30;
  for (const BarGroup& group : groups) {
    const double bars = static_cast<double>(group.bars.size()) * (kBar + kGap);
    svg_text(out, "name end", kNames - 10, y + bars / 2 + 2, svg_fit(group.name, kNames - 12));
    for (const Bar& bar : group.bars) {
      draw_bar(out, bar, y, scale);
      y += kBar + kGap;
    }
    y += kBetween;
  }
  svg_line(out, "axis", kNames, 24, kNames, height - 8);
  out.close();
}

void flow_chart(Html& out, const ChartLabels& labels, const std::vector<FlowStep>& steps) {
  constexpr double kRow = 26, kThick = 16, kFlowNames = 170, kFlowLabels = 76;
  if (steps.empty()) return;
  const double width = kWidth - kFlowNames - kFlowLabels;
  const double height = kRow * static_cast<double>(steps.size()) + 4;
  svg_open(out, labels, kWidth, height);
  double y = 4;
  for (const FlowStep& step : steps) {
    const double from = kFlowNames + step.from * width, to = kFlowNames + step.to * width;
    svg_text(out, "name end", kFlowNames - 10, y + kThick - 4, svg_fit(step.name, kFlowNames - 12));
    svg_bar(out, "bar series-" + step.style, from, y, std::max(to - from, 1.5), kThick);
    svg_text(out, "figure", to + 6, y + kThick - 4, step.label);
    y += kRow;
  }
  svg_line(out, "axis", kFlowNames, 0, kFlowNames, height);
  out.close();
}

}  // namespace hone::report
