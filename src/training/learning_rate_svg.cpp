/// The picture of a learning rate finder: curve on the left, table on the right, its own few colours, dark ones where the
/// reader's screen is dark.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/svg.h"
#include "training/learning_rate_finder.h"

namespace hone::training {
namespace {

constexpr double kLeft = 56, kRight = 640, kTop = 40, kBottom = 300, kTable = 690;
constexpr double kWidth = 960, kHeight = 350;
constexpr size_t kTableRows = 12;
constexpr const char* kStyle =
    "svg{font:12px system-ui,sans-serif;background:#fff}text{fill:#333}.grid{stroke:#ddd}.axis{stroke:#555}"
    ".end{text-anchor:end}.middle{text-anchor:middle}.head{font-weight:600}.smooth{fill:none;stroke:#1b5e9e;stroke-width:2}"
    ".raw{fill:none;stroke:#9db8cf}.mark{stroke:#b3541e;stroke-dasharray:4 3}"
    "@media(prefers-color-scheme:dark){svg{background:#1c1c1c}text{fill:#ddd}.grid{stroke:#444}.axis{stroke:#999}"
    ".smooth{stroke:#79b8f2}.raw{stroke:#51677a}.mark{stroke:#e79a6b}}";

/// From rates and losses to the drawing.
struct Frame {
  double rate_low, rate_high, loss_low, loss_high;
  double x(double rate) const {
    return kLeft + std::log(rate / rate_low) / std::log(rate_high / rate_low) * (kRight - kLeft);
  }
  /// Losses beyond the frame are drawn at its edge.
  double y(double loss) const {
    return kBottom - (std::clamp(loss, loss_low, loss_high) - loss_low) / (loss_high - loss_low) * (kBottom - kTop);
  }
};

Frame frame_of(const std::vector<FinderPoint>& points) {
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const FinderPoint& p : points) {
    low = std::min(low, p.smoothed);
    high = std::max(high, p.smoothed);
  }
  const double margin = std::max(0.05 * (high - low), 1e-6);
  return {points.front().rate, std::max(points.back().rate, points.front().rate * 1.0001), low - margin, high + margin};
}

std::string path_of(const std::vector<FinderPoint>& points, const Frame& frame, double FinderPoint::*loss) {
  std::string path;
  for (const FinderPoint& p : points) path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", frame.x(p.rate), frame.y(p.*loss));
  return path;
}

void draw_axes(report::Html& out, const Frame& frame) {
  for (const double tick : report::round_ticks(frame.loss_low, frame.loss_high, 5)) {
    if (tick < frame.loss_low || tick > frame.loss_high) continue;
    report::svg_line(out, "grid", kLeft, frame.y(tick), kRight, frame.y(tick));
    report::svg_text(out, "end", kLeft - 6, frame.y(tick) + 4, fmt::format("{:g}", tick));
  }
  for (int power = static_cast<int>(std::ceil(std::log10(frame.rate_low) - 1e-9)); std::pow(10.0, power) <= frame.rate_high * (1 + 1e-9); ++power)
    report::svg_text(out, "middle", frame.x(std::pow(10.0, power)), kBottom + 18, fmt::format("1e{}", power));
  report::svg_line(out, "axis", kLeft, kBottom, kRight, kBottom);
  report::svg_text(out, "end", kRight, kBottom + 36, "learning rate");
  report::svg_text(out, "", 4, 16, "loss (thick: smoothed)");
}

void draw_mark(report::Html& out, const Frame& frame, const std::optional<double>& rate, const char* name, double y) {
  if (!rate || *rate < frame.rate_low || *rate > frame.rate_high) return;
  report::svg_line(out, "mark", frame.x(*rate), kTop, frame.x(*rate), kBottom);
  report::svg_text(out, "", frame.x(*rate) + 4, y, fmt::format("{} {:.2g}", name, *rate));
}

void draw_table(report::Html& out, const std::vector<FinderPoint>& points) {
  double y = 16;
  const auto row = [&](const char* style, const std::string& rate, const std::string& loss, const std::string& smoothed) {
    report::svg_text(out, style, kTable + 70, y, rate);
    report::svg_text(out, style, kTable + 150, y, loss);
    report::svg_text(out, style, kTable + 240, y, smoothed);
    y += 20;
  };
  row("end head", "rate", "loss", "smoothed");
  const size_t rows = std::min(kTableRows, points.size());
  for (size_t i = 0; i < rows; ++i) {
    const FinderPoint& p = points[rows == 1 ? 0 : i * (points.size() - 1) / (rows - 1)];
    row("end", fmt::format("{:.2g}", p.rate), fmt::format("{:.3f}", p.loss), fmt::format("{:.3f}", p.smoothed));
  }
}

}  // namespace

std::string to_svg(const FinderCurve& curve) {
  if (curve.points.empty()) return {};
  const Frame frame = frame_of(curve.points);
  report::Html out;
  out.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                   {"role", "img"},
                   {"viewBox", fmt::format("0 0 {:.0f} {:.0f}", kWidth, kHeight)},
                   {"aria-labelledby", "title desc"}});
  out.element("title", "Loss at rising learning rates", {{"id", "title"}});
  const auto said = [](const std::optional<double>& rate) { return rate ? fmt::format("{:.2g}", *rate) : std::string("none"); };
  out.element("desc",
              fmt::format("From {:.2g} at loss {:.3f} to {:.2g} at {:.3f}. A tenth of the rate of the least loss: {}. Steepest fall: {}.",
                          curve.points.front().rate, curve.points.front().smoothed, curve.points.back().rate,
                          curve.points.back().smoothed, said(curve.of_least), said(curve.of_steepest)),
              {{"id", "desc"}});
  out.style(kStyle);
  draw_axes(out, frame);
  out.empty("path", {{"class", "raw"}, {"d", path_of(curve.points, frame, &FinderPoint::loss)}});
  out.empty("path", {{"class", "smooth"}, {"d", path_of(curve.points, frame, &FinderPoint::smoothed)}});
  draw_mark(out, frame, curve.of_least, "a tenth of the least loss's:", kTop + 10);
  draw_mark(out, frame, curve.of_steepest, "steepest:", kTop + 26);
  draw_table(out, curve.points);
  out.close();
  return out.take();
}

}  // namespace hone::training
