#include "commands/named_run.h"

#include <iostream>

#include "artifact/manifest.h"
#include "base/files.h"
#include "plan/check_inputs.h"
#include "plan/run_plan.h"
#include "recipe/load.h"
#include "registry/runs.h"

namespace hone::commands {
namespace fs = std::filesystem;

artifact::RunDirectory run_with_corpus(const Arguments& arguments) {
  const std::string& text = arguments.positional[0];
  const artifact::RunDirectory run = fs::is_regular_file(text)
                                         ? plan::make_plan(plan::load_checked(text, arguments.overrides), arguments.runs).run
                                         : registry::find_run(text, arguments.runs);
  if (!artifact::read_manifest(run.corpus()))
    throw Error(ExitCode::data, run.root.string() + " has no cleaned corpus yet; hone clean its recipe first");
  return run;
}

recipe::Language page_language(const artifact::RunDirectory& run) {
  try {
    return recipe::load_recipe(run.recipe(), {}).recipe.report.language;
  } catch (const Error&) {
    return recipe::Language::en;
  }
}

void write_page(const std::string& file, const std::string& html) {
  if (file == "-") {
    std::cout << html;
    return;
  }
  base::replace_file(file, html);
  std::cout << file << "\n";
}

}  // namespace hone::commands
