#include "tasks/harness/task_file.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/files.h"
#include "recipe/yaml.h"
#include "tasks/harness/task_config.h"
#include "tasks/harness/yaml_json.h"

namespace hone::tasks {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;
constexpr uint64_t kMaxFileBytes = 8'000'000;
constexpr size_t kMaxNesting = 16;

[[noreturn]] void refuse(const std::string& where, const std::string& what) { throw Error(ExitCode::usage, where + ": " + what); }

Json load(const fs::path& file, std::vector<fs::path>& chain) {
  const fs::path full = fs::weakly_canonical(file);
  if (std::find(chain.begin(), chain.end(), full) != chain.end()) refuse(file.string(), "include leads back to this file");
  if (chain.size() >= kMaxNesting) refuse(file.string(), "more than 16 files include one another");
  chain.push_back(full);
  std::vector<recipe::Problem> problems;
  const auto root = recipe::parse_yaml(base::read_file(file, kMaxFileBytes), file.string(), problems);
  if (!problems.empty()) refuse(recipe::to_string(problems.front().mark), problems.front().message);
  if (!root || root->kind != recipe::Value::Kind::mapping) refuse(file.string(), "a task file is a mapping of keys to values");
  Json own = to_json(*root);
  Json merged = Json::object();
  if (const auto include = own.find("include"); include != own.end()) {
    const Json files = include->is_array() ? *include : Json::array({*include});
    own.erase("include");
    for (const Json& each : files) {
      if (!each.is_string()) refuse(file.string(), "include names a file or a list of files");
      Json inherited = load(file.parent_path() / each.get<std::string>(), chain);
      inherited.erase("task_list");
      merged.update(inherited);
    }
  }
  merged.update(own);
  chain.pop_back();
  return merged;
}

/// Files of a folder that tasks and groups are found in by name.
class Index {
 public:
  explicit Index(const fs::path& folder) {
    for (const fs::path& path : base::list_files(folder)) {
      if (path.extension() != ".yaml" && path.extension() != ".yml") continue;
      try {
        std::vector<fs::path> chain;
        const Json config = load(path, chain);
        const bool is_group = config.contains("group") || (config.contains("task") && config["task"].is_array());
        const char* key = is_group ? "group" : "task";
        if (config.contains(key) && config[key].is_string()) files_.emplace(config[key].get<std::string>(), path);
      } catch (const Error&) {  // a broken file matters only when it is asked for
      }
    }
  }
  const fs::path* find(const std::string& name) const {
    const auto found = files_.find(name);
    return found == files_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::string, fs::path> files_;
};

class Reader {
 public:
  explicit Reader(const fs::path& file) : file_(file) {}

  TaskSet read() {
    std::vector<fs::path> chain;
    const Json config = load(file_, chain);
    if (config.contains("group")) {
      group(config, file_, Json::object(), 0);
    } else {
      task(config, file_);
    }
    return std::move(set_);
  }

 private:
  void task(const Json& config, const fs::path& file) {
    TaskConfig read = read_task(config, file);
    if (set_.task(read.name) != nullptr) return;  // two groups may share one
    set_.tasks.push_back(std::move(read));
  }

  /// `overrides` come from the group above and win over what the children's files say.
  void group(const Json& config, const fs::path& file, const Json& overrides, size_t depth) {
    if (depth > kMaxNesting) refuse(file.string(), "groups are nested deeper than 16 levels");
    GroupConfig group = read_group(config, file);
    Json below = overrides;
    for (const auto& [key, value] : config.items())
      if (!is_group_key(key)) below[key] = value;
    const Json children = config.value("task", Json::array());
    for (const Json& child : children.is_string() ? Json::array({children}) : children) {
      Json own = below;
      std::string name;
      bool as_group = false;
      if (child.is_string()) {
        name = child.get<std::string>();
      } else if (child.is_object() && (child.contains("task") || child.contains("group"))) {
        as_group = child.contains("group");
        name = child.at(as_group ? "group" : "task").get<std::string>();
        for (const auto& [key, value] : child.items())
          if (key != "group" && (key != "task" || as_group)) own[key] = value;
      } else {
        refuse(file.string(), "group " + group.name + ": each entry of task is a name, or a mapping with task or group");
      }
      member(group, name, child, own, file, as_group, depth);
    }
    set_.groups.push_back(std::move(group));
  }

  void member(GroupConfig& parent, const std::string& name, const Json& child, Json overrides, const fs::path& file, bool as_group,
              size_t depth) {
    const fs::path* found = index().find(name);
    if (found == nullptr && as_group) {  // written in place
      Json config = child;
      config["group"] = parent.name + "::" + name;
      parent.children.push_back(config["group"]);
      return group(config, file, overrides, depth + 1);
    }
    if (found == nullptr && child.is_object()) {
      overrides["task"] = parent.name + "::" + name;
      parent.children.push_back(overrides["task"]);
      return task(overrides, file);
    }
    if (found == nullptr)
      refuse(file.string(), "group " + parent.name + " names " + name + ", which no YAML file beside it defines");
    std::vector<fs::path> chain;
    Json config = load(*found, chain);
    if (config.contains("group")) {
      overrides.erase("task");
      parent.children.push_back(name);
      return group(config, *found, overrides, depth + 1);
    }
    config.update(overrides);
    config["task"] = name;
    parent.children.push_back(name);
    task(config, *found);
  }

  const Index& index() {
    if (!index_) index_.emplace(file_.parent_path().empty() ? "." : file_.parent_path());
    return *index_;
  }

  fs::path file_;
  TaskSet set_;
  std::optional<Index> index_;
};

}  // namespace

const TaskConfig* TaskSet::task(const std::string& name) const {
  for (const TaskConfig& each : tasks)
    if (each.name == name) return &each;
  return nullptr;
}

const GroupConfig* TaskSet::group(const std::string& name) const {
  for (const GroupConfig& each : groups)
    if (each.name == name) return &each;
  return nullptr;
}

std::vector<std::string> TaskSet::leaves(const GroupConfig& group_config) const {
  std::vector<std::string> names;
  for (const std::string& child : group_config.children) {
    const GroupConfig* below = group(child);
    if (below == nullptr) {
      names.push_back(child);
      continue;
    }
    for (std::string& leaf : leaves(*below)) names.push_back(std::move(leaf));
  }
  return names;
}

TaskSet read_task_file(const fs::path& file) { return Reader(file).read(); }

}  // namespace hone::tasks
