#include "tasks/harness/results.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/hash.h"

namespace hone::tasks {
namespace {

using Json = nlohmann::ordered_json;

Json task_result(const TaskConfig& task, const TaskScores& scores, int bootstrap_draws) {
  Json result = {{"name", task.name}, {"alias", task.alias}, {"sample_len", scores.rows}};
  for (const FilterPipeline& filter : task.filters) {
    const auto filtered = scores.by_filter.find(filter.name);
    if (filtered == scores.by_filter.end()) continue;
    for (const MetricConfig& metric : task.metrics) {
      const auto rows = filtered->second.find(metric.name);
      if (rows == filtered->second.end() || rows->second.empty()) continue;
      const Aggregate aggregated = aggregate(metric, rows->second, bootstrap_draws);
      result[metric.name + "," + filter.name] = aggregated.value;
      result[metric.name + "_stderr," + filter.name] = aggregated.standard_error ? Json(*aggregated.standard_error) : Json("N/A");
    }
  }
  return result;
}

/// Filters under which any leaf has the metric, by name.
std::set<std::string> filters_of(const std::vector<std::string>& leaves, const std::string& metric, const Json& results) {
  std::set<std::string> found;
  for (const std::string& leaf : leaves)
    for (const auto& [key, value] : results.at(leaf).items())
      if (key.starts_with(metric + ",")) found.insert(key.substr(metric.size() + 1));
  return found;
}

struct Leaf {
  double value, size;
  Json error;
};

/// Pooled over rows when tasks count by their size, else of the plain mean of means.
Json group_error(const std::vector<Leaf>& leaves, bool by_size) {
  double sum = 0, rows = 0;
  for (const Leaf& leaf : leaves) {
    if (!leaf.error.is_number()) return "N/A";
    const double error = leaf.error.get<double>();
    sum += by_size ? (leaf.size - 1) * error * error * leaf.size : error * error;
    rows += leaf.size;
  }
  const auto count = static_cast<double>(leaves.size());
  return by_size ? std::sqrt(sum / (rows - count) / rows) : std::sqrt(sum) / count;
}

Json group_result(const TaskSet& set, const GroupConfig& group, const Json& results) {
  Json result = {{"alias", group.alias}, {"name", group.name}};
  if (group.metrics.empty()) return result;
  const std::vector<std::string> leaves = set.leaves(group);
  size_t rows = 0;
  for (const std::string& leaf : leaves) rows += results.at(leaf).at("sample_len").get<size_t>();
  result["sample_len"] = rows;
  Json counts = Json::object();
  for (const GroupMetric& metric : group.metrics) {
    std::set<std::string> filters(metric.filters.begin(), metric.filters.end());
    if (metric.filters.empty()) filters = filters_of(leaves, metric.metric, results);
    for (const std::string& filter : filters) {
      std::vector<Leaf> found;
      for (const std::string& name : leaves) {
        const Json& leaf = results.at(name);
        const auto value = leaf.find(metric.metric + "," + filter);
        if (value == leaf.end()) continue;
        found.push_back({value->get<double>(), leaf.at("sample_len").get<double>(), leaf.at(metric.metric + "_stderr," + filter)});
      }
      if (found.empty()) continue;
      double sum = 0, weight = 0, samples = 0;
      for (const Leaf& leaf : found) {
        const double each = metric.weight_by_size ? leaf.size : 1.0;
        sum += leaf.value * each, weight += each, samples += leaf.size;
      }
      result[metric.metric + "," + filter] = sum / weight;
      counts[metric.metric + "," + filter] = static_cast<size_t>(samples);
      result[metric.metric + "_stderr," + filter] = group_error(found, metric.weight_by_size);
    }
  }
  if (!counts.empty()) result["sample_count"] = counts;
  return result;
}

Json directions(const TaskConfig& task) {
  Json each = Json::object();
  for (const MetricConfig& metric : task.metrics) each[metric.name] = metric.higher_is_better;
  return each;
}

Json field_json(const TaskField& field) {
  if (const auto* text = std::get_if<std::string>(&field)) return *text;
  if (const auto* number = std::get_if<int64_t>(&field)) return *number;
  if (const auto* list = std::get_if<std::vector<std::string>>(&field)) return *list;
  if (const auto* function = std::get_if<FunctionName>(&field)) return "!function " + function->name;
  return nullptr;
}

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

}  // namespace

Json config_json(const TaskConfig& task) {
  Json config = {{"task", task.name}};
  const auto copied = [&](const char* key) {
    const auto found = task.dump.find(key);
    if (found != task.dump.end() && !found->is_null()) config[key] = *found;
  };
  for (const char* key : {"task_alias", "tag", "dataset_path", "dataset_name", "dataset_kwargs", "training_split", "validation_split", "test_split",
                          "fewshot_split", "process_docs", "doc_to_text", "doc_to_target"})
    copied(key);
  config["unsafe_code"] = false;
  for (const char* key : {"doc_to_choice", "process_results"}) copied(key);
  config["description"] = task.description;
  config["target_delimiter"] = task.target_delimiter;
  config["fewshot_delimiter"] = task.fewshot_delimiter;
  const FewshotConfig& fewshot = task.fewshot;
  config["fewshot_config"] = {{"sampler", fewshot.sampler},
                              {"split", or_null(fewshot.split)},
                              {"process_docs", nullptr},
                              {"fewshot_indices", nullptr},
                              {"samples", fewshot.samples.empty() ? Json() : Json(fewshot.samples)},
                              {"doc_to_text", field_json(fewshot.text)},
                              {"doc_to_choice", field_json(fewshot.choice)},
                              {"doc_to_target", field_json(fewshot.target)},
                              {"gen_prefix", or_null(fewshot.gen_prefix)},
                              {"fewshot_delimiter", fewshot.fewshot_delimiter},
                              {"target_delimiter", fewshot.target_delimiter}};
  config["num_fewshot"] = task.num_fewshot.value_or(0);
  copied("metric_list");
  copied("output_type");
  if (task.output == OutputType::generate_until) config["generation_kwargs"] = task.generation.as_written;
  config["repeats"] = 1;
  copied("filter_list");
  config["should_decontaminate"] = task.dump.value("should_decontaminate", false);
  for (const char* key : {"doc_to_decontamination_query", "gen_prefix"}) copied(key);
  return config;
}

Json results_json(const TaskSet& set, const std::map<std::string, TaskScores>& scores, int bootstrap_draws) {
  Json results = Json::object(), groups = Json::object(), subtasks = Json::object(), configs = Json::object(), versions = Json::object(),
       shots = Json::object(), better = Json::object(), samples = Json::object();
  for (const TaskConfig& task : set.tasks) {
    const TaskScores& own = scores.at(task.name);
    results[task.name] = task_result(task, own, bootstrap_draws);
    configs[task.name] = config_json(task);
    versions[task.name] = task.version;
    shots[task.name] = task.num_fewshot.value_or(0);
    better[task.name] = directions(task);
    samples[task.name] = {{"original", own.rows_original}, {"effective", own.rows}};
  }
  for (const GroupConfig& group : set.groups) {
    groups[group.name] = group_result(set, group, results);
    subtasks[group.name] = group.children;
    versions[group.name] = group.version.is_string() ? group.version : Json(group.version.dump());
    Json& own = better[group.name] = Json::object();
    for (const std::string& leaf : set.leaves(group)) own.update(directions(*set.task(leaf)));
  }
  for (const auto& [name, group] : groups.items()) results[name] = group;
  Json all = {{"results", results}};
  if (!groups.empty()) all["groups"] = groups;
  all.update({{"group_subtasks", subtasks}, {"configs", configs}, {"versions", versions}, {"n-shot", shots}, {"higher_is_better", better}, {"n-samples", samples}});
  return all;
}

Json sample_json(const TaskConfig& task, const Prompter& prompter, const Question& question, const SampleAnswer& answer, const std::string& filter,
                 const RowScores& scores) {
  const Row& row = prompter.document(question.row);
  Json arguments = Json::object(), responses = Json::array(), filtered = Json::array();
  for (size_t i = 0; i < question.requests.size(); ++i) {
    const Request& request = question.requests[i];
    Json& each = arguments["gen_args_" + std::to_string(i)] = {{"arg_0", request.context}};
    if (task.output == OutputType::generate_until) {
      each["arg_1"] = task.generation.as_written;
      responses.push_back({answer.raw});
      filtered.push_back(answer.filtered);
    } else if (task.output == OutputType::loglikelihood_rolling) {
      responses.push_back({answer.loglikelihoods[i]});
      filtered.push_back(answer.loglikelihoods[i]);
    } else {
      each["arg_1"] = request.continuation;
      const Json pair = {answer.loglikelihoods[i], static_cast<bool>(answer.greedy[i])};
      responses.push_back(Json::array({pair}));
      filtered.push_back(pair);
    }
  }
  Json sample = {{"doc_id", question.row}, {"doc", row}, {"target", jinja::to_json(question.target)}, {"arguments", arguments},
                 {"resps", responses},     {"filtered_resps", filtered}, {"filter", filter}};
  Json metrics = Json::array();
  for (const MetricConfig& metric : task.metrics) metrics.push_back(metric.name);
  sample["metrics"] = metrics;
  sample["doc_hash"] = base::sha256(row.dump(2));
  sample["prompt_hash"] = base::sha256(question.requests.front().context);
  sample["target_hash"] = base::sha256(jinja::str(question.target));
  for (const MetricConfig& metric : task.metrics) {
    const auto score = scores.find(metric.name);
    if (score == scores.end()) continue;
    // The harness counts these two in whole numbers.
    const bool whole = (task.output == OutputType::loglikelihood && metric.name == "acc") ||
                       (task.output == OutputType::multiple_choice && metric.name == "exact_match");
    if (score->second.units > 0) sample[metric.name] = {score->second.value, static_cast<int64_t>(score->second.units)};
    else if (whole) sample[metric.name] = static_cast<int64_t>(score->second.value);
    else sample[metric.name] = score->second.value;
  }
  return sample;
}

}  // namespace hone::tasks
