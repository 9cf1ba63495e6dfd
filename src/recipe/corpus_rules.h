#pragma once
/// Options of the rules that look across documents: repeated boilerplate, evaluation items that leaked into the corpus.
#include <string>
#include <vector>

#include "recipe/binder.h"

namespace hone::recipe {

struct BoilerplateOptions {
  int64_t min_documents = 5;  ///< Of one source that a line or block must stand in.
};

struct DecontaminationOptions {
  std::vector<std::string> files;  ///< JSON Lines or text with evaluation items, besides those the recipe evaluates on.
};

void describe(Binder& bind, BoilerplateOptions& options);
void describe(Binder& bind, DecontaminationOptions& options);

}  // namespace hone::recipe
