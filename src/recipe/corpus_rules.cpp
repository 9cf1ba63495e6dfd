#include "recipe/corpus_rules.h"

namespace hone::recipe {

void describe(Binder& bind, BoilerplateOptions& options) {
  bind("min_documents", options.min_documents, "documents of one source a line must stand in to count as boilerplate").in("documents").at_least(2);
  bind("min_share", options.min_share, "share of the documents of one source a line must stand in to count as boilerplate").share().range(0.01, 1);
  bind("max_removed_share", options.max_removed_share, "stop when more than this share of the text of one source would be removed as boilerplate")
      .share()
      .range(0, 1);
}

void describe(Binder& bind, DecontaminationOptions& options) {
  bind("files", options.files, "JSON Lines or text files (one item a line) with evaluation items that must not be learnt").path();
  bind("action", options.action, "what is done about an evaluation item found: remove its passage, drop the document, or only flag it");
  bind("coverage", options.coverage, "share of an item's text that must stand in one place to count as leaked").share().range(0.3, 1);
}

}  // namespace hone::recipe
