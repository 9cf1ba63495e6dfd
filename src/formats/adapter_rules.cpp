/// Names of layers against the lists and expressions of an adapter_config.json.
#include <re2/re2.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "formats/adapter_config.h"

namespace hone::formats {
namespace {

std::unique_ptr<RE2> compiled(const std::string& expression, const std::string& key, const std::string& where) {
  RE2::Options options;
  options.set_log_errors(false);
  auto result = std::make_unique<RE2>(expression, options);
  if (!result->ok())
    throw Error(ExitCode::data, where + ": key \"" + key + "\": the expression " + expression.substr(0, 200) + " is not understood (" +
                                    result->error() + "); name the modules in a list instead");
  return result;
}

bool is_all_linear(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text == "all-linear";
}

/// Whether one of `names` is the module or its end after a point.
bool named(const std::vector<std::string>& names, const std::string& module) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return module == name || (module.size() > name.size() && module.ends_with(name) && module[module.size() - name.size() - 1] == '.');
  });
}

/// 7 of "model.layers.7.mlp.up_proj"; -1 without one.
int64_t layer_of(const std::string& module) {
  int64_t index = -1;
  RE2::PartialMatch(module, R"(^[^.]*\.layers\.(\d+)\.)", &index);
  return index;
}

/// The last name is one of the seven matrix layers of a block.
bool is_linear(const std::string& module) { return named(adaptable_layers(), module); }

}  // namespace

struct AdapterRules::Expressions {
  std::unique_ptr<RE2> targets, excluded;
  std::vector<std::pair<std::unique_ptr<RE2>, int64_t>> ranks;
  std::vector<std::pair<std::unique_ptr<RE2>, double>> alphas;
};

AdapterRules::AdapterRules(const AdapterConfig& config, const std::string& where)
    : config_(config), expressions_(std::make_unique<Expressions>()) {
  if (!config.targets.expression.empty() && !is_all_linear(config.targets.expression))
    expressions_->targets = compiled(config.targets.expression, "target_modules", where);
  if (!config.excluded.expression.empty())
    expressions_->excluded = compiled(config.excluded.expression, "exclude_modules", where);
  const auto end_of_name = [](const std::string& key) { return "(?:.*\\.)?(?:" + key + ")"; };
  for (const auto& [key, rank] : config.rank_pattern)
    expressions_->ranks.emplace_back(compiled(end_of_name(key), "rank_pattern", where), rank);
  for (const auto& [key, alpha] : config.alpha_pattern)
    expressions_->alphas.emplace_back(compiled(end_of_name(key), "alpha_pattern", where), alpha);
}

AdapterRules::~AdapterRules() = default;

bool AdapterRules::targets(const std::string& module) const {
  if (expressions_->excluded && RE2::FullMatch(module, *expressions_->excluded)) return false;
  if (named(config_.excluded.names, module)) return false;
  if (expressions_->targets) return RE2::FullMatch(module, *expressions_->targets);
  // PEFT writes "all-linear" out as a list of names before it looks at layers_to_transform.
  const bool found = is_all_linear(config_.targets.expression) ? is_linear(module) : named(config_.targets.names, module);
  if (!found || config_.layers.empty()) return found;
  return std::find(config_.layers.begin(), config_.layers.end(), layer_of(module)) != config_.layers.end();
}

int64_t AdapterRules::rank(const std::string& module) const {
  for (const auto& [expression, rank] : expressions_->ranks)
    if (RE2::FullMatch(module, *expression)) return rank;
  return config_.r;
}

double AdapterRules::scale(const std::string& module) const {
  double alpha = config_.alpha;
  for (const auto& [expression, own] : expressions_->alphas)
    if (RE2::FullMatch(module, *expression)) {
      alpha = own;
      break;
    }
  const auto r = static_cast<double>(rank(module));
  return alpha / (config_.use_rslora ? std::sqrt(r) : r);
}

}  // namespace hone::formats
