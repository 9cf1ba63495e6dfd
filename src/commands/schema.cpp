/// `hone schema`: the options of a recipe for editors and for docs/options.md, and the attributes that rules measure.
#include <iostream>
#include <nlohmann/json.hpp>

#include "commands/here.h"
#include "corpus/measures.h"
#include "recipe/show.h"

namespace hone::commands {

ExitCode schema(const Arguments& arguments) {
  if (arguments.has("markdown")) std::cout << recipe::options_markdown();
  else if (arguments.has("attributes")) std::cout << corpus::attributes_markdown();
  else if (arguments.has("options")) {
    const std::string text = recipe::options_text(arguments.text("options"));
    if (text.empty()) throw Error(ExitCode::usage, "a recipe has no section " + arguments.text("options"));
    std::cout << text;
  } else std::cout << recipe::json_schema().dump(2) << "\n";
  return ExitCode::done;
}

}  // namespace hone::commands
