#pragma once
/// The check by hand in a terminal, or over a pipe: shows a document, takes a line of letters, goes on.
#include <filesystem>
#include <istream>
#include <ostream>

#include "corpus/review.h"

namespace hone::commands {

/// Asks for what has no answer yet; saves the findings file after each answer, so that nothing is lost whatever happens.
///   p personal data left · s secret left · b boilerplate or garbage left (letters may stand together) · o nothing left ·
///   u back to the one before · q save and quit; the end of input quits, too
/// Questions go to `talk`, documents to `out`. Returns true when every document has an answer.
bool ask_inspector(const corpus::ReviewSample& sample, corpus::Answers& answers, const std::filesystem::path& file, std::istream& in,
                   std::ostream& out, std::ostream& talk, bool colours);

}  // namespace hone::commands
