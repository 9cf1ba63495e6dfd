#include "tasks/harness/scoring.h"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <set>

#include "base/error.h"
#include "tasks/harness/native.h"

namespace hone::tasks {
namespace {

using jinja::Value;
constexpr int64_t kNoChoice = -100;

size_t first_largest(const std::vector<double>& values) {
  return static_cast<size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

size_t characters(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// len(re.split(r"\s+", text))
size_t words(const std::string& text) {
  static const PythonRegex kSpace("\\s+", "words");
  return kSpace.all(text).size() + 1;
}

int64_t place_of(const Value& gold, const std::vector<std::string>& choices) {
  if (const int64_t* index = gold.integer()) return *index < static_cast<int64_t>(choices.size()) ? *index : kNoChoice;
  if (gold.is<bool>()) return gold.truth() ? 1 : 0;
  if (gold.string() == nullptr) return kNoChoice;
  const auto found = std::find(choices.begin(), choices.end(), *gold.string());
  return found == choices.end() ? kNoChoice : found - choices.begin();
}

std::vector<double> softmax(const std::vector<double>& values) {
  const double most = *std::max_element(values.begin(), values.end());
  std::vector<double> result;
  double sum = 0;
  for (const double value : values) sum += result.emplace_back(std::exp(value - most));
  for (double& value : result) value /= sum;
  return result;
}

RowScores score_choices(const Prompter& prompter, const Question& question, const Given& given) {
  const size_t count = question.choices.size();
  HONE_ASSERT(given.loglikelihoods.size() >= count);
  const std::vector<double> sums(given.loglikelihoods.begin(), given.loglikelihoods.begin() + static_cast<std::ptrdiff_t>(count));
  std::vector<double> by_character(count), by_byte(count);
  for (size_t i = 0; i < count; ++i) {
    by_character[i] = sums[i] / static_cast<double>(characters(question.choices[i]));
    by_byte[i] = sums[i] / static_cast<double>(question.choices[i].size());
  }
  std::set<int64_t> gold;
  Value target = question.target;
  if (prompter.multiple_target() && target.is_list()) {
    for (const Value& each : target.list()->items) gold.insert(place_of(each, question.choices));
  } else {
    gold.insert(place_of(target, question.choices));
  }
  const auto right = [&](const std::vector<double>& values) { return gold.contains(static_cast<int64_t>(first_largest(values))) ? 1.0 : 0.0; };
  bool greedy = false;
  for (const int64_t place : gold)
    if (place >= 0 && static_cast<size_t>(place) < given.greedy.size()) greedy = greedy || given.greedy[static_cast<size_t>(place)];
  RowScores scores;
  scores["acc"].value = right(sums);
  scores["acc_norm"].value = right(by_character);
  scores["acc_bytes"].value = right(by_byte);
  scores["exact_match"].value = greedy ? 1.0 : 0.0;
  for (const char* name : {"f1", "mcc"}) {
    scores[name].gold = *gold.begin();
    scores[name].chosen = static_cast<int64_t>(first_largest(sums));
  }
  scores["brier_score"].gold = *gold.begin();
  scores["brier_score"].probabilities = softmax(sums);
  if (given.loglikelihoods.size() == 2 * count) {
    std::vector<double> gain(count);
    for (size_t i = 0; i < count; ++i) gain[i] = sums[i] - given.loglikelihoods[count + i];
    scores["acc_mutual_info"].value = right(gain);
  }
  return scores;
}

RowScores score_rolling(const TaskConfig& task, const Prompter& prompter, const Question& question, const Given& given) {
  std::string counted = question.requests.front().context;
  if (task.process_results) counted = native_function(task, *task.process_results)(prompter.document(question.row)).get<std::string>();
  RowScores scores;
  scores["word_perplexity"] = {.value = given.loglikelihoods.front(), .units = static_cast<double>(words(counted)), .probabilities = {}};
  scores["byte_perplexity"] = scores["bits_per_byte"] = {
      .value = given.loglikelihoods.front(), .units = static_cast<double>(counted.size()), .probabilities = {}};
  return scores;
}

RowScores score_answer(const TaskConfig& task, const Prompter& prompter, const Question& question, const Given& given) {
  std::vector<std::string> references;
  const Value& target = question.target;
  if (!question.choices.empty()) {
    const int64_t place = place_of(target, question.choices);
    if (place < 0) throw Error(ExitCode::data, task.file.string() + ": doc_to_target gives no place among the choices: " + jinja::repr(target).substr(0, 100));
    references.push_back(question.choices[static_cast<size_t>(place)]);
  } else if (target.is_list() && prompter.multiple_target()) {
    for (const Value& each : target.list()->items) references.push_back(jinja::str(each));
  } else {
    references.push_back(jinja::str(target));
  }
  RowScores scores;
  for (const MetricConfig& metric : task.metrics)
    for (const std::string& reference : references)
      if (exact_match(metric, task, given.text, reference)) scores[metric.name].value = 1.0;
      else scores[metric.name].value += 0.0;
  return scores;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double deviation(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

using Rows = std::vector<const RowScore*>;

std::vector<double> values_of(const Rows& rows) {
  std::vector<double> values;
  for (const RowScore* row : rows) values.push_back(row->value);
  return values;
}

double weighted(const Rows& rows) {
  double value = 0, units = 0;
  for (const RowScore* row : rows) value += row->value, units += row->units;
  return value / units;
}

/// F1 of one class. Nothing counted gives 0, as scikit-learn has it.
double f1_of(const Rows& rows, int64_t positive) {
  double both = 0, either = 0;
  for (const RowScore* row : rows) {
    both += row->gold == positive && row->chosen == positive;
    either += (row->gold == positive) + (row->chosen == positive);
  }
  return either == 0 ? 0.0 : 2 * both / either;
}

double macro_f1(const Rows& rows) {
  std::set<int64_t> classes;
  for (const RowScore* row : rows) classes.insert({row->gold, row->chosen});
  double sum = 0;
  for (const int64_t each : classes) sum += f1_of(rows, each);
  return sum / static_cast<double>(classes.size());
}

/// Gorodkin's multi-class coefficient, which for two classes is Matthews'.
double matthews(const Rows& rows) {
  std::map<int64_t, double> golds, chosen;
  double right = 0;
  for (const RowScore* row : rows) {
    ++golds[row->gold], ++chosen[row->chosen];
    right += row->gold == row->chosen;
  }
  const auto n = static_cast<double>(rows.size());
  double product = 0, gold_squares = 0, chosen_squares = 0;
  for (const auto& [label, count] : golds) {
    gold_squares += count * count;
    const auto other = chosen.find(label);
    if (other != chosen.end()) product += count * other->second;
  }
  for (const auto& [label, count] : chosen) chosen_squares += count * count;
  const double below = std::sqrt(n * n - chosen_squares) * std::sqrt(n * n - gold_squares);
  return below == 0 ? 0.0 : (right * n - product) / below;
}

double brier(const Rows& rows) {
  double sum = 0;
  for (const RowScore* row : rows)
    for (size_t i = 0; i < row->probabilities.size(); ++i) {
      const double gap = row->probabilities[i] - (static_cast<int64_t>(i) == row->gold ? 1.0 : 0.0);
      sum += gap * gap;
    }
  return sum / static_cast<double>(rows.size());
}

using Statistic = std::function<double(const Rows&)>;

Statistic statistic(const std::string& aggregation) {
  if (aggregation == "mean") return [](const Rows& rows) { return mean_of(values_of(rows)); };
  if (aggregation == "median") {
    return [](const Rows& rows) {
      std::vector<double> values = values_of(rows);
      std::sort(values.begin(), values.end());
      return values[values.size() / 2];
    };
  }
  if (aggregation == "perplexity") return [](const Rows& rows) { return std::exp(-mean_of(values_of(rows))); };
  if (aggregation == "weighted_perplexity") return [](const Rows& rows) { return std::exp(-weighted(rows)); };
  if (aggregation == "bits_per_byte") return [](const Rows& rows) { return -weighted(rows) / std::numbers::ln2; };
  if (aggregation == "f1") return [](const Rows& rows) { return f1_of(rows, 1); };
  if (aggregation == "utils.macro_f1_score") return macro_f1;
  if (aggregation == "matthews_corrcoef") return matthews;
  if (aggregation == "brier_score") return brier;
  throw Error(ExitCode::usage, "the aggregation " + aggregation + " is not supported");
}

bool is_bootstrapped(const std::string& aggregation) {
  return aggregation == "median" || aggregation == "perplexity" || aggregation == "f1" || aggregation == "matthews_corrcoef";
}

/// Draws with replacement by Python's random.choices; each thousand has a generator of its own.
double bootstrap_error(const Statistic& statistic, const Rows& rows, int draws) {
  const int chunk = std::min(1000, draws);
  std::vector<double> results;
  for (int i = 0; i < draws / chunk; ++i) {
    PythonRandom random(static_cast<uint64_t>(i));
    for (int draw = 0; draw < chunk; ++draw) {
      Rows drawn(rows.size());
      for (const RowScore*& row : drawn) row = rows[static_cast<size_t>(random.fraction() * static_cast<double>(rows.size()))];
      results.push_back(statistic(drawn));
    }
  }
  return deviation(results);
}

std::string without(const std::string& text, std::string_view unwanted) {
  std::string out;
  for (const char c : text)
    if (unwanted.find(c) == std::string_view::npos) out += c;
  return out;
}

}  // namespace

bool exact_match(const MetricConfig& metric, const TaskConfig& task, const std::string& answer, const std::string& reference) {
  constexpr std::string_view kPunctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", kDigits = "0123456789";
  const auto reduced = [&](std::string text) {
    for (const std::string& pattern : metric.regexes_to_ignore) text = PythonRegex(pattern, task.file.string() + ": regexes_to_ignore").replaced(text, "");
    if (metric.ignore_case) {
      std::string lower;
      icu::UnicodeString::fromUTF8(text).toLower(icu::Locale::getRoot()).toUTF8String(lower);
      text = lower;
    }
    if (metric.ignore_punctuation) text = without(text, kPunctuation);
    return metric.ignore_numbers ? without(text, kDigits) : text;
  };
  // NumPy compares strings without the NUL characters at their ends.
  const auto ended = [](std::string text) {
    while (!text.empty() && text.back() == '\0') text.pop_back();
    return text;
  };
  return ended(reduced(answer)) == ended(reduced(reference));
}

RowScores score_row(const TaskConfig& task, const Prompter& prompter, const Question& question, const Given& given) {
  RowScores scores;
  switch (task.output) {
    case OutputType::multiple_choice: scores = score_choices(prompter, question, given); break;
    case OutputType::loglikelihood_rolling: scores = score_rolling(task, prompter, question, given); break;
    case OutputType::generate_until: scores = score_answer(task, prompter, question, given); break;
    case OutputType::loglikelihood:
      scores["perplexity"].value = given.loglikelihoods.front();
      scores["acc"].value = given.greedy.front() ? 1.0 : 0.0;
      break;
  }
  RowScores asked;
  for (const MetricConfig& metric : task.metrics)
    if (const auto found = scores.find(metric.name); found != scores.end()) asked.insert(*found);
  return asked;
}

Aggregate aggregate(const MetricConfig& metric, const std::vector<RowScore>& rows, int bootstrap_draws) {
  HONE_ASSERT(!rows.empty());
  Rows all;
  for (const RowScore& row : rows) all.push_back(&row);
  const Statistic made = statistic(metric.aggregation);
  Aggregate result{made(all), std::nullopt};
  if (rows.size() < 2) return result;
  if (metric.aggregation == "mean") result.standard_error = deviation(values_of(all)) / std::sqrt(static_cast<double>(rows.size()));
  else if (is_bootstrapped(metric.aggregation) && bootstrap_draws > 0) result.standard_error = bootstrap_error(made, all, bootstrap_draws);
  return result;
}

}  // namespace hone::tasks
