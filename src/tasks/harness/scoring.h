#pragma once
/// From log-probabilities and answers to scores, row by row and for a whole task, as lm-evaluation-harness 0.4.13 computes them.
///   acc        first choice with the largest log-probability is the target      acc_norm   … divided by its characters
///   acc_bytes  … divided by its UTF-8 bytes                                      perplexity exp(−mean of log-probabilities)
///   word_perplexity, byte_perplexity  exp(−Σ log-probability / Σ units)          bits_per_byte  −Σ / (Σ bytes · ln 2)
/// Standard errors: of a mean, the sample deviation over √n; of perplexity, f1, mcc and median, the deviation over bootstrap draws
/// from Random(0), Random(1) …, a thousand of each.
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tasks/harness/answer_filters.h"
#include "tasks/harness/prompts.h"

namespace hone::tasks {

/// What a model gave for a question's requests.
struct Given {
  std::vector<double> loglikelihoods;  ///< A sum of log-probabilities, in nats, for each request.
  std::vector<bool> greedy;            ///< Whether each continuation is what the model would have written.
  std::string text;                    ///< generate_until: the filtered answer.
};

/// One row's contribution to a metric; what the numbers are depends on its aggregation.
struct RowScore {
  double value = 0;               ///< mean, median, perplexity: the number itself.
  double units = 0;               ///< weighted: what the value is divided by.
  int64_t gold = -1, chosen = -1; ///< f1, mcc
  std::vector<double> probabilities;  ///< brier_score
};

using RowScores = std::map<std::string, RowScore>;

/// Scores of one row for every metric of the task. Throws data when target and choices do not fit together in a way that the harness
/// would not score either.
RowScores score_row(const TaskConfig& task, const Prompter& prompter, const Question& question, const Given& given);

struct Aggregate {
  double value = 0;
  std::optional<double> standard_error;  ///< None: not defined for this aggregation.
};

/// `rows` in the order of the task. `bootstrap_draws`: 0 leaves out bootstrap errors.
Aggregate aggregate(const MetricConfig& metric, const std::vector<RowScore>& rows, int bootstrap_draws);

/// exact_match of one answer against one reference.
bool exact_match(const MetricConfig& metric, const TaskConfig& task, const std::string& answer, const std::string& reference);

}  // namespace hone::tasks
