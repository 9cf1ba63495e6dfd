#pragma once
/// How sure a figure is: a paired bootstrap over whole documents (Efron & Tibshirani 1993; clusters as in
/// Koehn 2004).
///
/// Tokens of one document stand or fall together, so clusters of documents are drawn, never tokens: drawing
/// tokens would claim certainty that is not there. One draw = as many clusters as there are, with
/// replacement, the same ones for both models; the figure is recomputed from the drawn sums. The interval is
/// the expanded percentile interval (Hesterberg 2015, section 3.2): quantiles at Φ(-√(n/(n-1))·t) with t of
/// n-1 degrees of freedom, because plain percentiles are too narrow for few clusters; n = (Σw)²/Σw² over the
/// weights (Kish 1965), so that a few long documents among many short ones are not taken for many. Draw r uses
/// the random stream (seed, "bootstrap", r): the same interval for any number of threads.
#include <cstdint>
#include <span>

namespace hone::tasks {

/// Sums over the documents of one cluster.
struct Cluster {
  double candidate = 0;  ///< nll_sum of the model in question.
  double reference = 0;  ///< nll_sum of the model it is compared with.
  double weight = 0;     ///< Divisor of a level: ln 2 · bytes, or tokens.
};

struct BootstrapOptions {
  int draws = 2000;
  double level = 0.95;
  uint64_t seed = 0;
};

struct Interval {
  double estimate = 0;
  double low = 0;
  double high = 0;
  double standard_error = 0;  ///< Standard deviation over the draws.
  int64_t clusters = 0;
  double level = 0.95;  ///< Share of repetitions whose interval would hold the true figure.

  /// The smallest effect that would be seen in 8 of 10 repetitions: (z₀.₉₇₅ + z₀.₈) · standard error.
  double minimum_detectable() const;
};

/// What is made of a sum of nats: itself over the weight (loss, bits per byte), or e to that (perplexity).
enum class Scale { ratio, exponential };

/// The candidate's figure: candidate / weight, or exp of it. Needs two clusters; with fewer low and high are
/// infinite.
Interval bootstrap_level(std::span<const Cluster> clusters, Scale scale, const BootstrapOptions& options);

/// The candidate's figure over the reference's, less 1: -0.1 is 10 % lower. Paired: each draw is the same
/// text for both.
Interval bootstrap_change(std::span<const Cluster> clusters, Scale scale, const BootstrapOptions& options);

/// The candidate's figure alone.
double level(std::span<const Cluster> clusters, Scale scale);

}  // namespace hone::tasks
