#include "recipe/corpus_rules.h"

namespace hone::recipe {

void describe(Binder& bind, BoilerplateOptions& options) {
  bind("min_documents", options.min_documents, "documents of one source a line must stand in to count as boilerplate").in("documents").at_least(2);
}

void describe(Binder& bind, DecontaminationOptions& options) {
  bind("files", options.files, "JSON Lines or text files with evaluation items that must not be learnt").path();
}

}  // namespace hone::recipe
