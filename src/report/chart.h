#pragma once
/// SVG charts drawn without a script. Each is an <svg role="img"> with a title and a description that says in
/// words what there is to see; the figures stand in a table beside it. Series differ by shape as well as by
/// colour. Colours come from the page's style sheet by class (series-base, series-tuned, series-ngram,
/// series-drop …), so dark and printed pages need no second drawing.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "report/html.h"
#include "report/words.h"

namespace hone::report {

struct ChartLabels {
  std::string id;  ///< Unique in the page; ids of title and description follow from it.
  std::string title;
  std::string description;
  std::string x, y;  ///< Axis names; may be empty.
};

struct Series {
  std::string name;
  std::string style;  ///< Class suffix: "tuned".
  std::vector<std::pair<double, double>> points;
  bool marked = false;  ///< With a mark at each point: few points that matter.
};

/// Lines over a common x axis from 0. Nothing is drawn without at least one point.
void line_chart(Html& out, const Voice& voice, const ChartLabels& labels, const std::vector<Series>& series);

struct Bar {
  std::string style;
  double value = 0;
  std::string label;                                  ///< Written at its end.
  std::optional<std::pair<double, double>> interval;  ///< Drawn as a whisker.
};

struct BarGroup {
  std::string name;
  std::vector<Bar> bars;
};

/// Horizontal bars from 0, a group of them for each name, with a legend of (name, style).
void bar_chart(Html& out, const ChartLabels& labels, const std::vector<BarGroup>& groups,
               const std::vector<std::pair<std::string, std::string>>& legend);

struct FlowStep {
  std::string name;
  std::string style;
  double from = 0, to = 0;  ///< Shares of the whole, from ≤ to.
  std::string label;
};

/// A waterfall: each step is a bar at the place where it takes its share from the whole.
void flow_chart(Html& out, const ChartLabels& labels, const std::vector<FlowStep>& steps);

/// About `count` round numbers that cover [low, high]: 0, 0.5, 1, ….
std::vector<double> round_ticks(double low, double high, int count);

}  // namespace hone::report
