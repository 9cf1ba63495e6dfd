#include "recipe/source_thresholds.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/nearest.h"
#include "recipe/yaml.h"

namespace hone::recipe {
namespace {

std::string as_text(const Value& value) {
  if (value.kind == Value::Kind::sequence) {
    std::string list;
    for (const Value& item : value.items) list += (list.empty() ? "" : ", ") + yaml_scalar(item.scalar);
    return "[" + list + "]";
  }
  return value.quoted ? yaml_scalar(value.scalar) : value.scalar;
}

/// Every scalar and list below a mapping as "path=value".
void flatten(const Value& mapping, const std::string& prefix, std::vector<std::string>& out) {
  for (const Value::Entry& entry : mapping.entries) {
    const std::string path = prefix.empty() ? entry.key : prefix + "." + entry.key;
    if (entry.value.kind == Value::Kind::mapping) flatten(entry.value, path, out);
    else out.push_back(path + "=" + as_text(entry.value));
  }
}

std::string unknown(const Section& section, const std::string& name, const std::string& path) {
  std::vector<std::string> names;
  for (const Field& field : section.fields) names.push_back(field.name);
  const auto near = base::nearest(name, names);
  return fmt::format("{} is not an option{}", path, near ? "; did you mean " + *near + "?" : "");
}

/// Stores one threshold; what is wrong with it, or nothing.
std::optional<std::string> store(CorpusOptions& corpus, const std::string& threshold) {
  const size_t equals = threshold.find('=');
  if (equals == std::string::npos || equals == 0) return threshold + " is not written section.option=value, such as quality.min_characters=20";
  const std::string path = threshold.substr(0, equals);
  if (std::find(kThresholdSections.begin(), kThresholdSections.end(), path.substr(0, path.find('.'))) == kThresholdSections.end())
    return fmt::format("{}: a source may have its own options of {}", path, fmt::join(kThresholdSections, ", "));
  std::vector<Problem> problems;
  const std::optional<Value> value = parse_yaml(threshold.substr(equals + 1), "thresholds", problems);
  if (!value) return path + ": " + problems.front().message;
  Section root;
  Binder bind(root);
  describe(bind, corpus);
  Section* section = &root;
  for (size_t begin = 0;;) {
    const size_t end = std::min(path.find('.', begin), path.size());
    const std::string name = path.substr(begin, end - begin);
    Field* field = section->find(name);
    if (field == nullptr) return unknown(*section, name, path);
    if (end == path.size()) {
      if (!field->write) return path + " is a section; name one of its options";
      if (const auto wrong = field->write(*value)) return path + " " + *wrong;
      return std::nullopt;
    }
    if (field->kind != Field::Kind::section) return path + ": " + name + " has no options below it";
    section = field->section.get();
    begin = end + 1;
  }
}

}  // namespace

void describe_thresholds(Binder& bind, std::vector<std::string>& thresholds) {
  Field& field = bind("thresholds", thresholds,
                      "options of rules for this source alone, as {quality: {min_characters: 20}} or [quality.min_characters=20]; "
                      "the source needs a name");
  const auto write_list = field.write;
  field.write = [&thresholds, write_list](const Value& value) -> std::optional<std::string> {
    if (value.kind != Value::Kind::mapping) return write_list(value);
    thresholds.clear();
    flatten(value, "", thresholds);
    return std::nullopt;
  };
}

std::optional<std::string> wrong_threshold(const std::string& threshold) {
  CorpusOptions scratch;
  return store(scratch, threshold);
}

CorpusOptions options_for(const SourceOptions& source, const CorpusOptions& corpus) {
  CorpusOptions options = corpus;
  for (const std::string& threshold : source.thresholds) {
    if (const auto wrong = store(options, threshold)) throw Error(ExitCode::usage, "corpus.sources: thresholds: " + *wrong);
  }
  return options;
}

}  // namespace hone::recipe
