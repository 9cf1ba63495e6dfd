#pragma once
/// results.json and samples_TASK.jsonl in the shapes of lm-evaluation-harness 0.4.13, so that its users' scripts read them. Times,
/// dates, machine and git details are left out: equal runs give equal bytes.
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tasks/harness/scoring.h"
#include "tasks/harness/task_file.h"

namespace hone::tasks {

/// A task's scores: by filter pipeline ("none" for those without), for each metric a score a row.
struct TaskScores {
  std::map<std::string, std::map<std::string, std::vector<RowScore>>> by_filter;
  size_t rows = 0;           ///< Scored.
  size_t rows_original = 0;  ///< In the split.
};

/// {"results", "groups", "group_subtasks", "configs", "versions", "n-shot", "higher_is_better", "n-samples"}
nlohmann::ordered_json results_json(const TaskSet& set, const std::map<std::string, TaskScores>& scores, int bootstrap_draws);

/// What a model answered to one question, before and after filtering.
struct SampleAnswer {
  std::vector<double> loglikelihoods;
  std::vector<bool> greedy;
  std::string raw, filtered;
};

/// One line of samples_TASK.jsonl.
nlohmann::ordered_json sample_json(const TaskConfig& task, const Prompter& prompter, const Question& question, const SampleAnswer& answer,
                                   const std::string& filter, const RowScores& scores);

/// A task's configuration with every default, as results.json shows it.
nlohmann::ordered_json config_json(const TaskConfig& task);

}  // namespace hone::tasks
