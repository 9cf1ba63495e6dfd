#include "evaluation/results.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

namespace hone::evaluation {

namespace {

using nlohmann::json;

void add_task(json& results, const std::string& task, const std::string& alias, const json& group) {
  if (group["documents"] == 0) return;
  const double bits = group["tuned"]["bits_per_byte"];
  results["results"][task] = {{"alias", alias},
                              {"name", task},
                              {"sample_len", group["documents"]},
                              {"byte_perplexity,none", std::exp2(bits)},
                              {"byte_perplexity_stderr,none", "N/A"},
                              {"bits_per_byte,none", bits},
                              {"bits_per_byte_stderr,none", "N/A"}};
  results["configs"][task] = {{"task", task}, {"output_type", "loglikelihood_rolling"}, {"num_fewshot", 0}};
  results["versions"][task] = 1;
  results["n-shot"][task] = 0;
  results["higher_is_better"][task] = {{"byte_perplexity", false}, {"bits_per_byte", false}};
  results["n-samples"][task] = {{"original", group["documents"]}, {"effective", group["documents"]}};
}

}  // namespace

json harness_results(const json& facts) {
  json results = {
      {"results", json::object()}, {"groups", json::object()}, {"group_subtasks", json::object()}};
  const json& domain = facts["domain"];
  add_task(results, "domain", "domain", domain["all"]);
  for (const auto& [key, prefix] : {std::pair{"by_source", "source"}, std::pair{"by_language", "language"}}) {
    for (const json& group : domain[key]) {
      const std::string name = group["name"];
      add_task(results, std::string("domain_") + prefix + "_" + name, " - " + name, group);
    }
  }
  return results;
}

}  // namespace hone::evaluation
