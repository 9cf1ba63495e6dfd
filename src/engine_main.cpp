/// `hone-engine`: the verbs that need a tensor. Started by `hone`; started by hand it sets its environment and starts again,
/// because libgomp reads it when it loads.
#include <unistd.h>

#include <cstdlib>

#include "commands/engine/engine.h"
#include "commands/program.h"

int main(int argc, char** argv) {
  using namespace hone::commands;
  if (!std::getenv("GOMP_SPINCOUNT")) {
    set_engine_environment();
    execv("/proc/self/exe", argv);  // without it everything still works, only slower
  }
  return run_program(Program::engine, argc, argv,
                     {{"run", run_to},
                      {"train", run_to},
                      {"export", run_to},
                      {"evaluate", run_to},
                      {"report", run_to},
                      {"generate", generate},
                      {"inspect --logits", inspect_logits},
                      {"doctor", engine_doctor}});
}
