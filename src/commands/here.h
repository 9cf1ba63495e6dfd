#pragma once
/// The verbs that need no tensor, one file each. Each takes parsed arguments, prints, and says how it ended; errors are thrown.
#include "commands/verb.h"

namespace hone::commands {

ExitCode clean(const Arguments& arguments);
ExitCode tokenize(const Arguments& arguments);
ExitCode import_recipe(const Arguments& arguments);
ExitCode validate(const Arguments& arguments);
ExitCode plan_run(const Arguments& arguments);
ExitCode explain(const Arguments& arguments);
ExitCode review(const Arguments& arguments);
ExitCode inspect(const Arguments& arguments);
ExitCode runs(const Arguments& arguments);
ExitCode doctor(const Arguments& arguments);
ExitCode schema(const Arguments& arguments);

}  // namespace hone::commands
