#pragma once
/// The frame around every verb, the same in `hone` and `hone-engine`: parse, dispatch, turn errors into exit codes.
#include <map>
#include <string>

#include "commands/verb.h"

namespace hone::commands {

enum class Program { hone, engine };

/// Runs the verb in argv. `here` holds the verbs this program can carry out; for the rest `hone` becomes `hone-engine` by exec.
/// Returns the process's exit status; --ok-exit turns listed codes into 0.
int run_program(Program program, int argc, char** argv, const std::map<std::string, VerbFunction>& here);

/// Folder of the running program; the other two programs stand beside it.
std::filesystem::path program_folder();

/// Becomes hone-engine with the same arguments; returns only by throwing.
[[noreturn]] void become_engine(char** argv);

/// libgomp reads these when it loads, so they must be set before hone-engine starts (docs/architecture.md, Programs).
void set_engine_environment();

}  // namespace hone::commands
