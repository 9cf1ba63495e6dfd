#include "tasks/metric.h"

#include <array>
#include <numbers>
#include <vector>

#include "base/error.h"
#include "base/nearest.h"

namespace hone::tasks {

namespace {

constexpr std::array<std::string_view, 3> kFigures = {"bits_per_byte", "loss", "perplexity"};
constexpr std::array<std::string_view, 2> kSuites = {"domain/", "forgetting/"};

constexpr std::string_view kPreferenceError = "preference/error";

bool cut_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

[[noreturn]] void refuse(std::string_view name) {
  std::vector<std::string> known;
  for (const std::string_view suite : kSuites)
    for (const std::string_view figure : kFigures) known.push_back(std::string(suite) + std::string(figure));
  const auto near = base::nearest(std::string(name), known);
  throw Error(ExitCode::usage,
              "'" + std::string(name) + "' is not a figure that Hone measures; " +
                  (near ? "did you mean " + *near + "?"
                        : "there are bits_per_byte, loss and perplexity of domain/ and forgetting/, and each with "
                          "source=NAME/ or language=CODE/ after that; and preference/error"));
}

}  // namespace

Metric parse_metric(std::string_view name) {
  std::string_view rest = name;
  Metric metric;
  if (name == kPreferenceError) return {Suite::preference, Figure::error, Part::all, ""};
  if (cut_prefix(rest, kSuites[1]))
    metric.suite = Suite::forgetting;
  else if (!cut_prefix(rest, kSuites[0]))
    refuse(name);
  const size_t slash = rest.rfind('/');  // a source's name may have slashes of its own
  if (slash != std::string_view::npos) {
    std::string_view part = rest.substr(0, slash);
    rest.remove_prefix(slash + 1);
    if (cut_prefix(part, "source="))
      metric.part = Part::source;
    else if (cut_prefix(part, "language="))
      metric.part = Part::language;
    else
      refuse(name);
    metric.of = part;
  }
  for (size_t i = 0; i < kFigures.size(); ++i) {
    if (rest != kFigures[i]) continue;
    metric.figure = static_cast<Figure>(i);
    return metric;
  }
  refuse(name);
}

Scale scale_of(Figure figure) { return figure == Figure::perplexity ? Scale::exponential : Scale::ratio; }

double weight_of(Figure figure, int64_t tokens, int64_t bytes) {
  return figure == Figure::bits_per_byte ? std::numbers::ln2 * static_cast<double>(bytes)
                                         : static_cast<double>(tokens);
}

}  // namespace hone::tasks
