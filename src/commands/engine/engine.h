#pragma once
/// The verbs that need a tensor, one file each; the counterpart of commands/here.h inside hone-engine.
#include "commands/verb.h"

namespace hone::commands {

/// run, train, export, evaluate, report: they differ in the stage they end with.
ExitCode run_to(const Arguments& arguments);
ExitCode generate(const Arguments& arguments);
ExitCode inspect_logits(const Arguments& arguments);
/// Facts about LibTorch and the devices, as JSON, for `hone doctor`.
ExitCode engine_doctor(const Arguments& arguments);

}  // namespace hone::commands
