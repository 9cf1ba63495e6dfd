/// `hone import`: a configuration of another toolkit as a recipe, and a list of what it cannot say.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "commands/here.h"
#include "recipe/import/import.h"

namespace hone::commands {
namespace fs = std::filesystem;

ExitCode import_recipe(const Arguments& arguments) {
  const fs::path file = arguments.positional[0];
  const fs::path out = arguments.text("out");
  if (!out.empty() && fs::exists(out)) throw Error(ExitCode::usage, out.string() + " is already there; remove it or name another --out");
  recipe::RecipeDraft draft;
  const recipe::Toolkit toolkit = recipe::import_configuration(file, out.empty() ? fs::path() : out.parent_path(), draft);
  const std::string text = draft.yaml(fmt::format("From {}, a configuration of {}, by hone import. The words after # say where a value comes from.",
                                                  file.filename().string(), recipe::name_of(toolkit)));
  for (const recipe::Loss& loss : draft.losses())
    base::warn(fmt::format("{}: {}: {}", recipe::to_string(loss.mark), loss.key, loss.why));
  base::say(fmt::format("{}: {} without a counterpart in a recipe", recipe::name_of(toolkit), draft.losses().size()));
  if (out.empty()) {
    std::cout << text;
  } else {
    base::write_file(out, text);
    base::say(fmt::format("{} is written; `hone validate {}` checks it with its inputs", out.string(), out.string()));
  }
  return ExitCode::done;
}

}  // namespace hone::commands
