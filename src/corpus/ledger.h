#pragma once
/// What was done with each document and why, one JSON object a line.
///
///   read    one line a document: source, path, title, date, author, language, size, digest; or a drop with the reader's reason
///   a rule  one line for what it found: action keep | edit | drop, reason, findings, duplicate_of, spans; none where it has nothing
///           to say. Spans of a line with keep are flags: places pointed out and left as they are
///   split   one line for each document that stays: train or validation, its cluster, size and digest of the result
///
/// Spans are code points of the text as read, start included, end excluded; those of one document never overlap, and putting
/// each span's replacement in its place gives exactly the text in documents.jsonl. `original_sha` is SHA-256 of the span's
/// UTF-8, 16 digits; spans of personal data and secrets, and others with some inside, have `original_hmac` instead, when there is a
/// key, and no text. Excerpts have placeholders for them.
#include <string>
#include <string_view>
#include <vector>

#include "corpus/draft.h"
#include "corpus/rule.h"
#include "document/document.h"

namespace hone::corpus {

/// What the rules of a run are called, by their place in the list.
struct RuleName {
  std::string_view name;
  Family family;
};

/// Where a document went that stays.
struct Placement {
  std::string_view split;    ///< "train" or "validation".
  std::string_view cluster;  ///< Id of the first document of its cluster; empty when it stands alone.
};

/// Appends all lines of a document, each with its newline.
void write_ledger(std::string& out, const Draft& draft, const std::vector<RuleName>& rules, const Placement& placement,
                  std::string_view key);
void write_ledger(std::string& out, const document::Rejection& rejection);

/// Appends the line of documents.jsonl for a document that stays.
void write_document(std::string& out, const Draft& draft, const Placement& placement);

}  // namespace hone::corpus
