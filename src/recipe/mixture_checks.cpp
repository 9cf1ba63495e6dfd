#include "recipe/mixture_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <vector>

#include "base/nearest.h"

namespace hone::recipe {
namespace {

/// What a source may be called that has no `name:`: a part of its path, with or without the ending. Which one it is shows
/// when its files are looked up; the loader then knows all names.
std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  for (const std::filesystem::path& part : std::filesystem::absolute(path).lexically_normal()) {
    parts.push_back(part.filename().string());
    parts.push_back(part.stem().string());
  }
  return parts;
}

struct Names {
  std::vector<std::string> known;      ///< Said with `name:`, of sources that are trained on.
  std::vector<std::string> possible;   ///< Of the others.
  std::vector<std::string> forgetting;

  explicit Names(const std::vector<SourceOptions>& sources) {
    for (const SourceOptions& source : sources) {
      if (source.use == SourceUse::forgetting) {
        if (!source.name.empty()) forgetting.push_back(source.name);
      } else if (!source.name.empty()) {
        known.push_back(source.name);
      } else if (!source.path.empty()) {
        for (std::string& part : parts_of(source.path)) possible.push_back(std::move(part));
      }
    }
  }
};

bool has(const std::vector<std::string>& names, const std::string& name) { return std::find(names.begin(), names.end(), name) != names.end(); }

}  // namespace

void check_mixture(const Recipe& recipe, const std::function<void(const std::string& key, std::string message)>& wrong,
                   const std::function<void(const std::string& key, const std::string& why)>& idle) {
  const TrainingOptions& training = recipe.training;
  if (training.sample_packing && training.group_by_length)
    idle("training.group_by_length", "sample_packing fills rows; with sample_packing: false, batches of like length are made");
  const Names names(recipe.corpus.sources);
  std::set<std::string> seen;
  double shares = 0;
  for (size_t i = 0; i < training.mixture.size(); ++i) {
    const MixtureOptions& option = training.mixture[i];
    const std::string key = fmt::format("training.mixture.{}", i), at = key + ".source";
    if (option.source.empty()) {
      wrong(key, key + " needs `source:`, the name of a source in corpus.sources");
      continue;
    }
    if (!seen.insert(option.source).second) wrong(at, fmt::format("{}: {} is named twice", at, option.source));
    if (has(names.forgetting, option.source) && !has(names.known, option.source))
      wrong(at, fmt::format("{}: {} has use: forgetting and is not trained on", at, option.source));
    else if (!has(names.known, option.source) && !has(names.possible, option.source)) {
      const auto near = base::nearest(option.source, names.known);
      wrong(at, fmt::format("{}: no source is called {}{}", at, option.source, near ? "; did you mean " + *near + "?" : "; sources get their names by `name:` in corpus.sources"));
    }
    if (option.share) {
      idle(key + ".weight", "share says how much is read");
      shares += *option.share;
    }
    if (option.epochs && *option.epochs >= training.num_epochs) idle(key + ".epochs", fmt::format("num_epochs is {}", training.num_epochs));
  }
  const bool all_shared = std::all_of(recipe.corpus.sources.begin(), recipe.corpus.sources.end(), [&](const SourceOptions& source) {
    return source.use == SourceUse::forgetting ||
           std::any_of(training.mixture.begin(), training.mixture.end(), [&](const MixtureOptions& option) {
             return option.share && (source.name.empty() ? has(parts_of(source.path), option.source) : option.source == source.name);
           });
  });
  if (shares >= 1 && !all_shared)
    wrong("training.mixture", fmt::format("training.mixture: the shares sum to {:.2f} and leave nothing for the other sources", shares));
}

}  // namespace hone::recipe
