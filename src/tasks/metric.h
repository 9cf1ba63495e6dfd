#pragma once
/// Names of figures as gates spell them:
///   domain/<figure>   domain/source=<name>/<figure>   domain/language=<code>/<figure>
/// and the same with forgetting/ for the sources that are measured and never trained on,
/// with figure bits_per_byte, loss or perplexity (score.h); and of pairs of answers
///   preference/error   share of held-out pairs whose rejected answer is at least as likely as the chosen one
/// All of them are better when lower.
#include <cstdint>
#include <string>
#include <string_view>

#include "tasks/bootstrap.h"

namespace hone::tasks {

enum class Figure { bits_per_byte, loss, perplexity, error };
enum class Part { all, source, language };

enum class Suite { domain, forgetting, preference };

struct Metric {
  Suite suite = Suite::domain;
  Figure figure = Figure::bits_per_byte;
  Part part = Part::all;
  std::string of;  ///< Which source or language; empty for all.
};

/// Throws usage with the nearest name when `name` is none of the above.
Metric parse_metric(std::string_view name);

Scale scale_of(Figure figure);
/// What a sum of nats is divided by: ln 2 · bytes, or tokens.
double weight_of(Figure figure, int64_t tokens, int64_t bytes);

}  // namespace hone::tasks
