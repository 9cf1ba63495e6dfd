#pragma once
/// A recipe: everything one pipeline needs to know, with every default in place. Sections have a file each; this one joins them.
#include <cstdint>
#include <string>

#include "recipe/binder.h"
#include "recipe/corpus.h"
#include "recipe/evaluation.h"
#include "recipe/model.h"
#include "recipe/report.h"
#include "recipe/tokenizer.h"
#include "recipe/training.h"

namespace hone::recipe {

struct Recipe {
  std::string name;
  uint64_t seed = 7;
  CorpusOptions corpus;
  TokenizerOptions tokenizer;
  ModelOptions model;
  TrainingOptions training;
  EvaluationOptions evaluation;
  ExportOptions exported;
  ReportOptions report;
  GovernanceOptions governance;

  /// True when training starts from random weights.
  bool starts_from_random() const { return model.path.empty(); }
};

void describe(Binder& bind, Recipe& recipe);

}  // namespace hone::recipe
