/// `hone`: everything that needs no tensor. What does need one is handed to hone-engine by exec.
#include "commands/here.h"
#include "commands/program.h"

int main(int argc, char** argv) {
  using namespace hone::commands;
  return run_program(Program::hone, argc, argv,
                     {{"clean", clean},
                      {"tokenize", tokenize},
                      {"validate", validate},
                      {"import", import_recipe},
                      {"plan", plan_run},
                      {"explain", explain},
                      {"review", review},
                      {"inspect", inspect},
                      {"runs", runs},
                      {"doctor", doctor},
                      {"schema", schema}});
}
