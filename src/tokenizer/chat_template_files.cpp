#include "tokenizer/chat_template_files.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "base/nearest.h"

namespace hone::tokenizer {

/// Made by CMake of configs/chat (cmake/Embed.cmake).
const std::vector<std::pair<std::string_view, std::string_view>>& embedded_chat_templates();

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr uint64_t kMaxTemplateBytes = UINT64_C(4) << 20;
constexpr const char* kTemplateFile = "chat_template.jinja";
constexpr const char* kNone = "none";

/// The one called `default` of [{"name": …, "template": …}, …].
std::string default_of(const json& list, const std::string& where) {
  std::vector<std::string> names;
  for (const json& each : list) {
    if (!each.is_object() || !each.contains("name") || !each["name"].is_string() || !each.contains("template") || !each["template"].is_string())
      throw Error(ExitCode::data, where + " is neither a text nor a list of {name, template}");
    if (each["name"] == "default") return each["template"];
    names.push_back(each["name"]);
  }
  throw Error(ExitCode::data, fmt::format("{} has the templates {} but none called default; write the one to use into a .jinja file and name it in "
                                          "training.chat_template",
                                          where, fmt::join(names, ", ")));
}

}  // namespace

std::vector<std::string> own_chat_templates() {
  std::vector<std::string> names;
  for (const auto& [name, text] : embedded_chat_templates()) names.emplace_back(name);
  return names;
}

std::optional<ChatTemplateText> model_chat_template(const fs::path& place) {
  std::error_code ignored;
  const fs::path folder = fs::is_directory(place, ignored) ? place : place.parent_path();
  const fs::path file = folder / kTemplateFile;
  if (fs::is_regular_file(file, ignored)) return ChatTemplateText{base::read_file(file, kMaxTemplateBytes), file.string()};
  const fs::path config = folder / "tokenizer_config.json";
  if (!fs::is_regular_file(config, ignored)) return std::nullopt;
  const json values = base::read_json(config, UINT64_C(64) << 20);
  const auto found = values.is_object() ? values.find("chat_template") : values.end();
  if (found == values.end() || found->is_null()) return std::nullopt;
  const std::string where = config.string() + ": chat_template";
  if (found->is_string()) return ChatTemplateText{found->get<std::string>(), where};
  if (!found->is_array()) throw Error(ExitCode::data, where + " is neither a text nor a list of {name, template}");
  return ChatTemplateText{default_of(*found, where), where};
}

std::optional<ChatTemplateText> find_chat_template(const std::string& choice, const fs::path& folder) {
  if (choice == kNone) return std::nullopt;
  if (choice.empty()) return model_chat_template(folder);
  if (choice.ends_with(".jinja")) {
    std::error_code ignored;
    if (!fs::is_regular_file(choice, ignored)) throw Error(ExitCode::data, choice + ": there is no such chat template; check training.chat_template");
    return ChatTemplateText{base::read_file(choice, kMaxTemplateBytes), choice};
  }
  for (const auto& [name, text] : embedded_chat_templates())
    if (name == choice) return ChatTemplateText{std::string(text), "chat template " + choice};
  const std::vector<std::string> names = own_chat_templates();
  const auto near = base::nearest(choice, names);
  throw Error(ExitCode::usage, fmt::format("training.chat_template: {} is no template of Hone's; {}, or name a file that ends in .jinja", choice,
                                           near ? "did you mean " + *near + "?" : fmt::format("there are {}", fmt::join(names, ", "))));
}

}  // namespace hone::tokenizer
