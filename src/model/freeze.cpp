#include "model/freeze.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>

#include "base/error.h"
#include "base/nearest.h"

namespace hone::model {

void freeze(Model& model, const std::vector<std::string>& patterns) {
  std::vector<std::string> names;
  visit_trained(model, [&](const std::string& name, const at::Tensor&) { names.push_back(name); });
  std::vector<std::string> matched;
  for (const std::string& pattern : patterns) {
    const size_t before = matched.size();
    for (const std::string& name : names)
      if (fnmatch(pattern.c_str(), name.c_str(), 0) == 0) matched.push_back(name);
    if (matched.size() > before) continue;
    const auto near = base::nearest(pattern, names);
    throw Error(ExitCode::usage, fmt::format("training.freeze: \"{}\" matches no parameter that is trained; {}", pattern,
                                             near ? fmt::format("did you mean {}?", *near)
                                                  : fmt::format("names are like {} and {}", names.front(), names.back())));
  }
  model.frozen.insert(matched.begin(), matched.end());
  if (std::all_of(names.begin(), names.end(), [&](const std::string& name) { return model.frozen.contains(name); }))
    throw Error(ExitCode::usage, "training.freeze leaves nothing to train; remove a pattern");
}

void freeze_base(Model& model) {
  model.frozen.clear();
  for (const formats::ParameterShape& parameter : formats::model_parameters(model.config)) model.frozen.insert(parameter.name);
}

void train_whole(Model& model, const formats::AdapterConfig& config) {
  const bool embedding = config.saves("embed_tokens"), head = config.saves("lm_head");
  // A tied head is the embedding: training either trains both.
  if (embedding || (head && !model.head.defined())) {
    model.base_embedding = model.embedding;
    model.embedding = model.embedding.detach().clone();
    model.frozen.erase("model.embed_tokens.weight");
  }
  if (head && model.head.defined()) {
    model.base_head = model.head;
    model.head = model.head.detach().clone();
    model.frozen.erase("lm_head.weight");
  }
}

}  // namespace hone::model
