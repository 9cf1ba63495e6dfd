#include "recipe/recipe.h"

namespace hone::recipe {

void describe(Binder& bind, Recipe& recipe) {
  bind("name", recipe.name, "name of the run's folder; by default the recipe's file name").free();
  bind("seed", recipe.seed, "key of every random stream").range(0, 9e15);
  bind.section("corpus", recipe.corpus, "documents and cleaning");
  bind.section("tokenizer", recipe.tokenizer, "vocabulary");
  bind.section("model", recipe.model, "what to start from");
  bind.section("training", recipe.training, "how to train");
  bind.section("evaluation", recipe.evaluation, "what is measured, and the gates");
  bind.section("export", recipe.exported, "the model that leaves the run");
  bind.section("report", recipe.report, "the validation report");
  bind.section("governance", recipe.governance, "what a signer needs to read");
}

}  // namespace hone::recipe
