#pragma once
/// Options of the rules that look across documents: repeated boilerplate, evaluation items that leaked into the corpus.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/binder.h"

namespace hone::recipe {

/// A line counts as boilerplate of a source when it stands in at least `min_documents` of its documents and in at least
/// `min_share` of them, copies of one another and filled-in forms not counted.
struct BoilerplateOptions {
  int64_t min_documents = 4;
  double min_share = 0.3;
  double max_removed_share = 0.7;  ///< Of the characters of one source; more stops the run instead of emptying a source.
};

/// What happens to a document that holds an evaluation item.
enum class LeakAction { passage, document, flag };
constexpr std::array<std::string_view, 3> names_of(LeakAction) { return {"passage", "document", "flag"}; }

struct DecontaminationOptions {
  std::vector<std::string> files;  ///< JSON Lines or text with evaluation items, besides those the recipe evaluates on.
  LeakAction action = LeakAction::passage;
  double coverage = 0.75;  ///< Share of an item that must stand in one place; 13 words in a row count whatever the share.
};

void describe(Binder& bind, BoilerplateOptions& options);
void describe(Binder& bind, DecontaminationOptions& options);

}  // namespace hone::recipe
