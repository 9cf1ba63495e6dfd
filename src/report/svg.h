#pragma once
/// The few SVG elements that the charts are drawn with. Lengths are in user units of the view box.
#include <string>
#include <string_view>

#include "report/chart.h"
#include "report/html.h"

namespace hone::report {

/// <svg role="img"> with title and description; the caller closes it.
void svg_open(Html& out, const ChartLabels& labels, double width, double height);
void svg_line(Html& out, std::string_view style, double x1, double y1, double x2, double y2);
void svg_text(Html& out, std::string_view style, double x, double y, std::string_view text);
void svg_bar(Html& out, std::string_view style, double x, double y, double width, double height);
void svg_dot(Html& out, std::string_view style, double x, double y, double radius);

/// About how wide `text` is drawn at the charts' size; wide characters count double.
double svg_width(std::string_view text);
/// `text` cut to about `width` with an ellipsis.
std::string svg_fit(std::string_view text, double width);

}  // namespace hone::report
