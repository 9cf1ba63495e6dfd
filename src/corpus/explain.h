#pragma once
/// Why a document is in the corpus, or is not: everything the ledger says of it, its duplicates, and the text that came out.
/// For `hone explain`; reads a committed corpus folder and nothing else.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace hone::corpus {

/// {"id", "ledger": [lines of the ledger, in order], "duplicates": [{"id", "rule", "similarity"?}…] (documents that repeat this one,
///  and members of its cluster), "silent": [rules that saw it and had nothing to say], "text": what stayed, or null, "pieces": what stayed in pieces (pieces.h), or null}.
/// `document` is an id, a path, or a part that only one document has. Throws data when none or several fit, naming some.
nlohmann::json explain(const std::filesystem::path& corpus, const std::string& document);

}  // namespace hone::corpus
