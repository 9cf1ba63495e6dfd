#include "recipe/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/nearest.h"
#include "recipe/hub_cache.h"
#include "recipe/import/import.h"
#include "recipe/yaml.h"

namespace hone::recipe {
namespace fs = std::filesystem;

namespace {

constexpr const char* kCommandLine = "--set";
constexpr int kMaxExtends = 16;

/// Reads a file and the fragments it extends, the nearer file winning. `chain` holds the files being read, against cycles.
std::optional<Value> read_with_fragments(const fs::path& path, std::vector<fs::path>& chain, std::vector<Problem>& problems) {
  std::optional<Value> own = parse_yaml(base::read_file(path, 16 << 20), path.string(), problems);
  if (!own) return std::nullopt;
  if (own->kind == Value::Kind::null) own->kind = Value::Kind::mapping;
  if (own->kind != Value::Kind::mapping) {
    problems.push_back({own->mark, "a recipe is a mapping of sections, such as `corpus:`"});
    return std::nullopt;
  }
  chain.push_back(path.lexically_normal());
  Value merged;
  merged.kind = Value::Kind::mapping;
  merged.mark = own->mark;
  const auto extends = std::find_if(own->entries.begin(), own->entries.end(), [](const auto& e) { return e.key == "extends"; });
  if (extends != own->entries.end()) {
    std::vector<Value> names = extends->value.items;
    if (extends->value.kind == Value::Kind::scalar) names.push_back(extends->value);
    if (names.empty() && extends->value.kind != Value::Kind::sequence)
      problems.push_back({extends->value.mark, "extends names files: a text or a list of texts"});
    for (const Value& name : names) {
      const fs::path fragment = (path.parent_path() / name.scalar).lexically_normal();
      if (name.kind != Value::Kind::scalar) {
        problems.push_back({name.mark, "extends names files: a text or a list of texts"});
      } else if (std::find(chain.begin(), chain.end(), fragment) != chain.end() || chain.size() > kMaxExtends) {
        problems.push_back({name.mark, "extends " + fragment.string() + " goes round in a circle"});
      } else if (!fs::is_regular_file(fragment)) {
        problems.push_back({name.mark, "extends " + name.scalar + ": no such file (looked for " + fragment.string() + ")"});
      } else if (std::optional<Value> inherited = read_with_fragments(fragment, chain, problems)) {
        overlay(merged, *inherited);
      }
    }
    own->entries.erase(extends);
  }
  chain.pop_back();
  overlay(merged, *own);
  return merged;
}

/// "training.save.keep=2" → nested mappings; a list element is named by its number: corpus.sources.0.path=…
void apply_override(Value& root, const std::string& text, std::vector<Problem>& problems) {
  const Mark mark{std::string(kCommandLine) + " " + text, 0, 0};
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    problems.push_back({mark, "is written --set section.key=value"});
    return;
  }
  std::optional<Value> value = parse_yaml(text.substr(equals + 1), mark.file, problems);
  if (!value) return;
  value->mark = mark;
  Value* place = &root;
  const std::string path = text.substr(0, equals);
  for (size_t begin = 0; begin <= path.size();) {
    const size_t end = std::min(path.find('.', begin), path.size());
    const std::string key = path.substr(begin, end - begin);
    if (place->kind == Value::Kind::sequence) {
      const auto index = parse_integer(key);
      if (!index || *index < 0 || static_cast<size_t>(*index) >= place->items.size()) {
        problems.push_back({mark, fmt::format("this list has {} elements; name one by its number from 0", place->items.size())});
        return;
      }
      place = &place->items[static_cast<size_t>(*index)];
    } else {
      if (place->kind != Value::Kind::mapping) *place = Value{Value::Kind::mapping, mark, {}, false, {}, {}};
      auto entry = std::find_if(place->entries.begin(), place->entries.end(), [&](const auto& e) { return e.key == key; });
      if (entry == place->entries.end()) entry = place->entries.insert(place->entries.end(), {key, mark, {}});
      entry->mark = mark;
      place = &entry->value;
    }
    begin = end + 1;
  }
  *place = std::move(*value);
}

/// Moves values from the tree into the structs, collecting what does not fit.
class Applier {
 public:
  explicit Applier(LoadedRecipe& loaded) : loaded_(loaded) {}

  void apply(Section& section, const Value& mapping, const std::string& prefix) {
    std::map<const Field*, std::string> seen;
    for (const Value::Entry& entry : mapping.entries) {
      Field* field = section.find(entry.key);
      if (!field) {
        unknown(section, entry, prefix);
        continue;
      }
      const auto [before, is_first] = seen.emplace(field, entry.key);
      if (!is_first) {
        problem(entry.mark, fmt::format("{} and {} are the same option; keep one", before->second, entry.key));
        continue;
      }
      const std::string path = prefix.empty() ? field->name : prefix + "." + field->name;
      loaded_.given[path] = entry.mark;
      store(*field, entry.value, path);
    }
  }

 private:
  void problem(const Mark& mark, std::string message) { loaded_.problems.push_back({mark, std::move(message)}); }

  void unknown(const Section& section, const Value::Entry& entry, const std::string& prefix) {
    std::vector<std::string> names;
    for (const Field& field : section.fields) {
      names.push_back(field.name);
      names.insert(names.end(), field.aliases.begin(), field.aliases.end());
    }
    if (prefix.empty()) names.push_back("extends");
    std::string message = prefix.empty() ? fmt::format("{} is not a section of a recipe", entry.key)
                                         : fmt::format("{}.{} is not an option of {}", prefix, entry.key, prefix);
    if (const auto near = base::nearest(entry.key, names)) message += "; did you mean " + *near + "?";
    else if (names.size() <= 12) message += fmt::format("; it has {}", fmt::join(names, ", "));
    else message += "; `hone schema` and docs/options.md list them";
    if (const auto toolkit = toolkit_of_key(entry.key); toolkit && (prefix.empty() || entry.key == "_component_"))
      message += fmt::format("; this looks like a configuration of {}: hone import {}", name_of(*toolkit), entry.mark.file);
    problem(entry.mark, std::move(message));
  }

  void store(Field& field, const Value& value, const std::string& path) {
    if (field.kind == Field::Kind::section) {
      if (value.kind == Value::Kind::mapping) apply(*field.section, value, path);
      else if (value.kind != Value::Kind::null) problem(value.mark, path + " is a section: a mapping of options");
      return;
    }
    if (field.kind == Field::Kind::sections) {
      store_list(field, value, path);
      return;
    }
    if (value.kind == Value::Kind::null && !field.optional) {
      problem(value.mark, path + " has no value; remove the key to get the default");
      return;
    }
    Value placed = value;
    // A chat template is a name or a file, and a file is named from where the recipe lies.
    if (field.is_path || (value.kind == Value::Kind::scalar && value.scalar.ends_with(".jinja"))) resolve_paths(placed);
    if (path == "model.path" && value.kind == Value::Kind::scalar) find_model(value, placed);
    if (auto wrong = field.write(placed)) problem(value.mark, path + " " + *wrong);
    for (size_t i = 0; i < value.items.size(); ++i) loaded_.given[path + "." + std::to_string(i)] = value.items[i].mark;
  }

  void store_list(Field& field, const Value& value, const std::string& path) {
    std::vector<Value> items = value.items;
    if (value.kind == Value::Kind::mapping) items.push_back(value);  // one is a list of one
    else if (value.kind != Value::Kind::sequence) {
      problem(value.mark, path + " is a list of mappings");
      return;
    }
    for (size_t i = 0; i < items.size(); ++i) {
      const std::string item_path = path + "." + std::to_string(i);
      Section element = field.element(i);
      loaded_.given[item_path] = items[i].mark;
      if (items[i].kind == Value::Kind::mapping) apply(element, items[i], item_path);
      else problem(items[i].mark, item_path + " is a mapping of options");
    }
  }

  /// org/name is the model of that name in the local Hugging Face cache, unless a folder is there.
  void find_model(const Value& given, Value& placed) {
    std::error_code ignored;
    const auto model = parse_hub_name(given.scalar);
    if (!model || fs::exists(placed.scalar, ignored)) return;
    try {
      placed.scalar = find_in_hub_cache(*model, hub_cache_folder()).string();
    } catch (const Error& missing) {
      loaded_.problems.push_back({given.mark, "model.path: " + placed.scalar + " is no folder, and " + missing.what(), missing.code()});
    }
  }

  /// A path, or each of a list of paths.
  static void resolve_paths(Value& value) {
    if (value.kind == Value::Kind::scalar) value.scalar = resolve(value);
    for (Value& item : value.items) {
      if (item.kind == Value::Kind::scalar) item.scalar = resolve(item);
    }
  }

  static std::string resolve(const Value& value) {
    const fs::path path(value.scalar);
    if (path.empty() || path.is_absolute() || value.mark.file.rfind(kCommandLine, 0) == 0) return value.scalar;
    return (fs::path(value.mark.file).parent_path() / path).lexically_normal().string();
  }

  LoadedRecipe& loaded_;
};

bool by_place(const Problem& a, const Problem& b) {
  return std::tie(a.mark.file, a.mark.line, a.mark.column) < std::tie(b.mark.file, b.mark.line, b.mark.column);
}

}  // namespace

LoadedRecipe load_recipe(const fs::path& path, const std::vector<std::string>& overrides) {
  if (!fs::is_regular_file(path))
    throw Error(ExitCode::usage, path.string() + ": no such recipe; it is a YAML file such as recipes/quickstart.yaml");
  LoadedRecipe loaded;
  std::vector<fs::path> chain;
  std::optional<Value> root = read_with_fragments(path, chain, loaded.problems);
  if (root) {
    for (const std::string& text : overrides) apply_override(*root, text, loaded.problems);
    Section section;
    Binder bind(section);
    describe(bind, loaded.recipe);
    Applier(loaded).apply(section, *root, "");
    if (loaded.recipe.name.empty()) loaded.recipe.name = path.stem().string();
    check_between_sections(loaded);
  }
  std::stable_sort(loaded.problems.begin(), loaded.problems.end(), by_place);
  return loaded;
}

void refuse(const std::vector<Problem>& problems) {
  std::string message;
  ExitCode code = ExitCode::data;
  for (const Problem& problem : problems) {
    message += (message.empty() ? "" : "\n") + to_string(problem.mark) + ": " + problem.message;
    if (problem.code == ExitCode::usage) code = ExitCode::usage;
  }
  throw Error(code, message);
}

}  // namespace hone::recipe
