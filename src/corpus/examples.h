#pragma once
/// Short specimens of what rules did, for statistics.json and the cleaning report. They are shown to people who may not be allowed
/// to read the documents, so: nothing of a sensitive family but its placeholder, contexts only from the text after cleaning, and
/// what looks like a long number or a mail address is masked in every excerpt, whether a rule has seen it or not.
#include <string>
#include <string_view>

#include "corpus/family.h"
#include "corpus/statistics.h"
#include "corpus/text_map.h"

namespace hone::corpus {

Example example_of_drop(const std::string& id, std::string_view text, Family family);
Example example_of_edit(const std::string& id, const TextMap& map, const TextMap::Span& span);
Example example_of_rejection(const document::Rejection& rejection);

/// `text` with each digit of a number of seven digits or more (spaces, dots, brackets and hyphens between them do not end it) as •,
/// and each letter before an @ and behind it up to the next white space likewise.
std::string masked(std::string_view text);

}  // namespace hone::corpus
