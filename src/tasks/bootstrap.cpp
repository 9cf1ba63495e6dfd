#include "tasks/bootstrap.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "base/error.h"
#include "base/random.h"

namespace hone::tasks {

namespace {

using Figure = std::function<double(const Cluster& sums)>;

constexpr double kDetectable = 1.959963985 + 0.841621234;  // z of 0.975 and of 0.8

Cluster sum_of(std::span<const Cluster> clusters) {
  Cluster sums;
  for (const Cluster& cluster : clusters) {
    sums.candidate += cluster.candidate;
    sums.reference += cluster.reference;
    sums.weight += cluster.weight;
  }
  return sums;
}

/// Never NaN, so that draws can be sorted: 0/0 says that nothing differs.
double share(double part, double whole) {
  if (whole != 0) return part / whole;
  return part == 0 ? 1 : std::copysign(std::numeric_limits<double>::infinity(), part);
}

double level_of(const Cluster& sums, Scale scale) {
  const double ratio = share(sums.candidate, sums.weight);
  return scale == Scale::ratio ? ratio : std::exp(ratio);
}

/// Linear between neighbours (Hyndman & Fan's type 7). `sorted` is not empty.
double quantile(const std::vector<double>& sorted, double share) {
  const double position = share * static_cast<double>(sorted.size() - 1);
  const size_t below = static_cast<size_t>(position);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

/// (Σw)² / Σw²: as many clusters of equal weight would be as sure (Kish 1965). One long document among short
/// ones counts little more than itself. At least 2.
double effective_clusters(std::span<const Cluster> clusters) {
  double sum = 0, squares = 0;
  for (const Cluster& cluster : clusters) {
    sum += cluster.weight;
    squares += cluster.weight * cluster.weight;
  }
  return squares > 0 ? std::max(2.0, sum * sum / squares) : 2.0;
}

/// Share of draws to cut off at each end so that few clusters are covered as often as many.
double expanded_tail(double level, double clusters) {
  const boost::math::students_t t(clusters - 1);
  const double reach =
      std::sqrt(clusters / (clusters - 1)) * boost::math::quantile(complement(t, (1 - level) / 2));
  return boost::math::cdf(boost::math::normal(), -reach);
}

Interval bootstrap(std::span<const Cluster> clusters, const BootstrapOptions& options, const Figure& figure) {
  HONE_ASSERT(options.draws > 1 && options.level > 0 && options.level < 1);
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  Interval result{figure(sum_of(clusters)),
                  -kInfinite,
                  kInfinite,
                  kInfinite,
                  static_cast<int64_t>(clusters.size()),
                  options.level};
  if (clusters.size() < 2) return result;

  std::vector<double> figures(static_cast<size_t>(options.draws));
  for (size_t draw = 0; draw < figures.size(); ++draw) {
    base::RandomStream random(options.seed, "bootstrap", 0, draw);
    Cluster sums;
    for (size_t i = 0; i < clusters.size(); ++i) {
      const Cluster& cluster = clusters[random.below(clusters.size())];
      sums.candidate += cluster.candidate;
      sums.reference += cluster.reference;
      sums.weight += cluster.weight;
    }
    figures[draw] = figure(sums);
  }
  double mean = 0, squares = 0;
  for (const double value : figures) mean += value / static_cast<double>(figures.size());
  for (const double value : figures) squares += (value - mean) * (value - mean);
  result.standard_error = std::sqrt(squares / static_cast<double>(figures.size() - 1));
  std::sort(figures.begin(), figures.end());
  const double tail = expanded_tail(options.level, effective_clusters(clusters));
  result.low = quantile(figures, tail);
  result.high = quantile(figures, 1 - tail);
  return result;
}

}  // namespace

double Interval::minimum_detectable() const { return kDetectable * standard_error; }

double level(std::span<const Cluster> clusters, Scale scale) { return level_of(sum_of(clusters), scale); }

Interval bootstrap_level(std::span<const Cluster> clusters, Scale scale, const BootstrapOptions& options) {
  return bootstrap(clusters, options, [scale](const Cluster& sums) { return level_of(sums, scale); });
}

Interval bootstrap_change(std::span<const Cluster> clusters, Scale scale, const BootstrapOptions& options) {
  return bootstrap(clusters, options, [scale](const Cluster& sums) {
    if (scale == Scale::ratio) return share(sums.candidate, sums.reference) - 1;
    return std::exp(share(sums.candidate - sums.reference, sums.weight)) - 1;
  });
}

}  // namespace hone::tasks
