#pragma once
/// Task and group files of lm-evaluation-harness (0.4.13), read as they are: YAML 1.1 as PyYAML resolves it, `include`, `!function`
/// for the functions Hone has itself (native.h), unknown keys refused. What Hone does not do is an error that names the construct and
/// the line, never another score.
///
/// A field such as doc_to_text is a template, a column's name, a number, a list, or a native function.
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hone::tasks {

enum class OutputType { multiple_choice, loglikelihood, loglikelihood_rolling, generate_until };

/// `!function utils.process_docs`
struct FunctionName {
  std::string name;
  bool operator==(const FunctionName&) const = default;
};

/// How a part of a prompt is made of a row. monostate: not given.
using TaskField = std::variant<std::monostate, int64_t, std::string, std::vector<std::string>, FunctionName>;

struct MetricConfig {
  std::string name;
  std::string aggregation;  ///< "mean", "perplexity" …; a native function's name where the file gives one.
  bool higher_is_better = true;
  std::vector<std::string> regexes_to_ignore;
  bool ignore_case = false, ignore_punctuation = false, ignore_numbers = false;
};

struct FilterStep {
  std::string function;  ///< regex, take_first, remove_whitespace, lowercase …
  nlohmann::ordered_json options = nlohmann::ordered_json::object();
};

struct FilterPipeline {
  std::string name = "none";
  std::vector<FilterStep> steps;
};

struct GenerationConfig {
  std::vector<std::string> until;
  int64_t max_tokens = 256;
  nlohmann::ordered_json as_written;  ///< What samples files repeat.
};

struct FewshotConfig {
  std::string sampler = "default";  ///< or first_n
  std::string split;                ///< Empty: none.
  std::vector<int64_t> indices;
  std::vector<nlohmann::ordered_json> samples;  ///< Rows written in the file itself.
  TaskField text, choice, target;
  std::string gen_prefix, fewshot_delimiter, target_delimiter;
};

struct TaskConfig {
  std::string name, alias;
  std::filesystem::path file;
  OutputType output = OutputType::generate_until;
  std::string dataset_path, dataset_name;
  std::map<std::string, std::vector<std::string>> data_files;  ///< By split, as written.
  std::string training_split, validation_split, test_split;
  std::optional<FunctionName> process_docs, process_results;
  TaskField text, choice, target;
  std::string description, gen_prefix, target_delimiter = " ", fewshot_delimiter = "\n\n";
  std::optional<int64_t> num_fewshot;
  FewshotConfig fewshot;
  std::vector<MetricConfig> metrics;
  GenerationConfig generation;
  std::vector<FilterPipeline> filters;
  nlohmann::ordered_json version = "N/A";
  nlohmann::ordered_json dump;  ///< The whole configuration with defaults, as results.json shows it.
};

struct GroupMetric {
  std::string metric;
  std::vector<std::string> filters;  ///< Empty: every filter found.
  bool weight_by_size = true;
};

struct GroupConfig {
  std::string name, alias;
  std::vector<std::string> children;  ///< Names of tasks and groups, in order.
  std::vector<GroupMetric> metrics;
  nlohmann::ordered_json version = "N/A";
};

/// All that a file leads to: tasks in the order in which they run, groups after what they hold.
struct TaskSet {
  std::vector<TaskConfig> tasks;
  std::vector<GroupConfig> groups;

  const TaskConfig* task(const std::string& name) const;
  const GroupConfig* group(const std::string& name) const;
  /// Leaf tasks below a group, through nested groups.
  std::vector<std::string> leaves(const GroupConfig& group) const;
};

/// Reads a task file, or a group file with the tasks it names, which are looked for among the YAML files of its folder.
/// Throws usage with file:line for what is wrong or not supported.
TaskSet read_task_file(const std::filesystem::path& file);

}  // namespace hone::tasks
