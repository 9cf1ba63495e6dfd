#pragma once
/// The rules a recipe can name. One line a rule; docs and errors take their lists from here.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/rule.h"
#include "recipe/corpus.h"

namespace hone::corpus {

/// Names in the order in which they are usually applied.
std::vector<std::string> rule_names();

/// The rules of a recipe in its order, and `language` when it asks for languages. Throws usage for a name that does not exist, with the nearest one, and for a name given twice.
std::vector<std::unique_ptr<Rule>> make_rules(const recipe::CorpusOptions& options);

}  // namespace hone::corpus
