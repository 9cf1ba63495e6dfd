#include "recipe/show.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "recipe/yaml.h"

namespace hone::recipe {

using nlohmann::json;

namespace {

json to_json(const Field& field, const Value& value) {
  if (value.kind == Value::Kind::null) return nullptr;
  if (value.kind == Value::Kind::sequence) {
    json list = json::array();
    for (const Value& item : value.items) list.push_back(item.scalar);
    return list;
  }
  switch (field.kind) {
    case Field::Kind::boolean: return value.scalar == "true";
    case Field::Kind::integer:
      if (field.spelled && value.scalar == field.spelled->first) return value.scalar;
      return *parse_integer(value.scalar);
    case Field::Kind::number: return *parse_number(value.scalar, false);
    default: return value.scalar;
  }
}

enum class Which { all, fixed };

json to_json(Section& section, Which which) {
  json object = json::object();
  for (Field& field : section.fields) {
    if (which == Which::fixed && (field.is_path || field.is_free)) continue;
    if (field.kind == Field::Kind::section) {
      object[field.name] = to_json(*field.section, which);
    } else if (field.kind == Field::Kind::sections) {
      json list = json::array();
      for (size_t i = 0; i < field.count(); ++i) {
        Section element = field.element(i);
        list.push_back(to_json(element, which));
      }
      object[field.name] = list;
    } else {
      object[field.name] = to_json(field, field.read());
    }
  }
  return object;
}

std::string yaml_text(const Value& value) {
  if (value.kind == Value::Kind::null) return "null";
  if (value.kind == Value::Kind::scalar) return value.quoted ? yaml_scalar(value.scalar) : value.scalar;
  std::string list = "[";
  for (const Value& item : value.items) list += (list.size() > 1 ? ", " : "") + yaml_scalar(item.scalar);
  return list + "]";
}

void write_yaml(Section& section, const std::string& indent, std::string& out) {
  for (Field& field : section.fields) {
    if (field.kind == Field::Kind::section) {
      out += indent + field.name + ":\n";
      write_yaml(*field.section, indent + "  ", out);
    } else if (field.kind == Field::Kind::sections) {
      out += indent + field.name + (field.count() == 0 ? ": []\n" : ":\n");
      for (size_t i = 0; i < field.count(); ++i) {
        Section element = field.element(i);
        std::string text;
        write_yaml(element, indent + "    ", text);
        text.replace(indent.size() + 2, 1, "-");
        out += text;
      }
    } else {
      out += indent + field.name + ": " + yaml_text(field.read()) + "\n";
    }
  }
}

std::string type_name(const Field& field) {
  switch (field.kind) {
    case Field::Kind::boolean: return "true or false";
    case Field::Kind::integer: return field.spelled ? "whole number or " + field.spelled->first : "whole number";
    case Field::Kind::number: return field.is_share ? "number or percentage" : "number";
    case Field::Kind::text: return field.is_path ? "path" : "text";
    case Field::Kind::choice: return fmt::format("{}", fmt::join(field.choices, " | "));
    case Field::Kind::texts: return "list of texts";
    case Field::Kind::section: return "section";
    case Field::Kind::sections: return "list of sections";
  }
  return "";
}

std::string range_text(const Field& field) {
  if (field.minimum && field.maximum && *field.maximum < 1e9) return number_text(*field.minimum) + " … " + number_text(*field.maximum);
  if (field.minimum) return "≥ " + number_text(*field.minimum);
  return "";
}

std::string default_text(const Field& field) {
  const Value& value = field.default_value;
  if (value.kind == Value::Kind::null || (value.kind == Value::Kind::scalar && value.scalar.empty())) return "not set";
  return value.kind == Value::Kind::scalar ? value.scalar : yaml_text(value);
}

/// Calls visit(dotted path, field) for every field in order, sections before what they hold.
void walk(Section& section, const std::string& prefix, const std::function<void(const std::string&, const Field&)>& visit) {
  for (Field& field : section.fields) {
    const std::string path = prefix.empty() ? field.name : prefix + "." + field.name;
    visit(path, field);
    if (field.kind == Field::Kind::section) walk(*field.section, path, visit);
    if (field.kind == Field::Kind::sections) walk(*field.section, path + "[]", visit);
  }
}

json schema_of(Section& section);

json schema_of(Field& field) {
  json schema = {{"description", field.unit.empty() ? field.help : field.help + " (" + field.unit + ")"}};
  switch (field.kind) {
    case Field::Kind::section: schema.update(schema_of(*field.section)); return schema;
    case Field::Kind::sections:
      schema["type"] = "array";
      schema["items"] = schema_of(*field.section);
      return schema;
    case Field::Kind::boolean: schema["type"] = "boolean"; break;
    case Field::Kind::integer:
      schema["type"] = "integer";
      if (field.spelled) schema = {{"description", schema["description"]}, {"anyOf", json::array({{{"type", "integer"}}, {{"const", field.spelled->first}}})}};
      break;
    case Field::Kind::number: schema["type"] = "number"; break;
    case Field::Kind::text: schema["type"] = "string"; break;
    case Field::Kind::choice: schema["enum"] = field.choices; break;
    case Field::Kind::texts:
      schema["anyOf"] = json::array({{{"type", "array"}, {"items", {{"type", "string"}}}}, {{"type", "string"}}});
      break;
  }
  if (field.is_share) {
    schema.erase("type");
    schema["anyOf"] = json::array({{{"type", "number"}}, {{"type", "string"}, {"pattern", "^[0-9.]+%$"}}});
  }
  if (field.optional && schema.contains("type")) schema["type"] = json::array({schema["type"], "null"});
  if (field.minimum) schema["minimum"] = *field.minimum;
  if (field.maximum) schema["maximum"] = *field.maximum;
  const json value = to_json(field, field.default_value);
  if (!value.is_null() && value != "") schema["default"] = value;
  return schema;
}

json schema_of(Section& section) {
  json properties = json::object();
  for (Field& field : section.fields) {
    properties[field.name] = schema_of(field);
    for (const std::string& alias : field.aliases) {
      properties[alias] = schema_of(field);
      properties[alias]["description"] = "another spelling of " + field.name;
    }
  }
  return {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
}

Section described(Recipe& recipe) {
  Section section;
  Binder bind(section);
  describe(bind, recipe);
  return section;
}

}  // namespace

std::string resolved_yaml(Recipe recipe) {
  Section section = described(recipe);
  std::string out;
  write_yaml(section, "", out);
  return out;
}

json resolved_json(Recipe recipe) {
  Section section = described(recipe);
  return to_json(section, Which::all);
}

json fingerprint_values(Section& section) { return to_json(section, Which::fixed); }

json json_schema() {
  Recipe recipe;
  Section section = described(recipe);
  json schema = schema_of(section);
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = "Hone recipe";
  // Kept as a list, but also written as a mapping of sections (source_thresholds.h).
  schema["properties"]["corpus"]["properties"]["sources"]["items"]["properties"]["thresholds"]["anyOf"].push_back({{"type", "object"}});
  schema["properties"]["extends"] = {{"description", "fragments this recipe builds on; the recipe wins"},
                                     {"anyOf", json::array({{{"type", "array"}, {"items", {{"type", "string"}}}}, {{"type", "string"}}})}};
  return schema;
}

std::string options_text(const std::string& only) {
  Recipe recipe;
  Section section = described(recipe);
  std::string out;
  walk(section, "", [&](const std::string& path, const Field& field) {
    if (!only.empty() && path != only && path.rfind(only + ".", 0) != 0) return;
    if (field.kind == Field::Kind::section || field.kind == Field::Kind::sections) {
      out += fmt::format("\n{}: {}\n", path, field.help);
      return;
    }
    std::string facts = type_name(field);
    if (!field.unit.empty()) facts += ", " + field.unit;
    if (const std::string range = range_text(field); !range.empty()) facts += ", " + range;
    facts += ", default " + default_text(field);
    if (!field.aliases.empty()) facts += fmt::format(", also {}", fmt::join(field.aliases, ", "));
    out += fmt::format("  {}\n      {} [{}]\n", path, field.help, facts);
  });
  return out;
}

std::string options_markdown() {
  Recipe recipe;
  Section section = described(recipe);
  std::string out =
      "# Options of a recipe\n\n"
      "Made by `hone schema --markdown` from the descriptions in `src/recipe`; a test keeps the two equal. Every option has a default except\n"
      "what to learn from. A key that is not listed here is an error. *Free* options may change when a run goes on; every other change\n"
      "starts a new run.\n";
  walk(section, "", [&](const std::string& path, const Field& field) {
    const bool heading = field.kind == Field::Kind::section || field.kind == Field::Kind::sections;
    if (heading) {
      out += fmt::format("\n## {}\n{}.\n\n| option | type | default | range | meaning |\n| --- | --- | --- | --- | --- |\n", path, field.help);
      return;
    }
    if (path == "name") out += "\n## top level\n\n| option | type | default | range | meaning |\n| --- | --- | --- | --- | --- |\n";
    std::string type = type_name(field);
    for (size_t at = 0; (at = type.find('|', at)) != std::string::npos; at += 2) type.replace(at, 1, "\\|");
    std::string meaning = field.help;
    if (!field.unit.empty()) meaning += " (" + field.unit + ")";
    if (!field.aliases.empty()) meaning += fmt::format("; also written {}", fmt::join(field.aliases, ", "));
    if (field.is_free) meaning += "; free";
    out += fmt::format("| `{}` | {} | {} | {} | {} |\n", path, type, default_text(field), range_text(field), meaning);
  });
  return out;
}

}  // namespace hone::recipe
