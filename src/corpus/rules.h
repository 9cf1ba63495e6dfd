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

/// Whether the rule has a say over records of instruction data. Rules that measure prose have not: answers are short, and questions
/// repeat. Rules of the organisation's own have.
bool judges_records(std::string_view rule);

/// The rules of a recipe in its order, and `language` when it asks for languages, and `turns` where a source holds records. Throws usage for a name that does not exist, with the nearest one, and for a name given twice.
std::vector<std::unique_ptr<Rule>> make_rules(const recipe::CorpusOptions& options);

}  // namespace hone::corpus
