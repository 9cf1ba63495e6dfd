#pragma once
/// The text that came out, in pieces: as it was read, or put there by a rule. Made of documents.jsonl and the ledger alone: the
/// text as read is not stored, but between the spans of the ledger it is the text that came out, and what short edits removed
/// stands in the ledger, unless it was personal or secret.
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace hone::corpus {

/// A span of the ledger; start and end are code points of the text as read.
struct LedgerSpan {
  uint64_t start = 0, end = 0;
  std::string kind, rule, family, replacement;
  std::optional<std::string> original;  ///< Absent when it was long or sensitive.
};

struct Piece {
  std::string text;  ///< What stands there now; may be empty.
  bool changed = false;
  uint64_t removed_characters = 0;
  std::optional<std::string> removed;
  bool sensitive = false;  ///< Personal data or a secret was here.
  std::string kind, rule;
};

/// Adds the edit spans of one line of the ledger. Lines that are no edits add nothing. Throws data when a span is malformed.
void add_spans(const nlohmann::json& line, std::vector<LedgerSpan>& spans);

/// The pieces in order; those put there by rules are `changed`. Throws data when spans and text do not belong together.
std::vector<Piece> pieces_of(const std::string& text, std::vector<LedgerSpan> spans, const std::string& id);

/// [{"text"} | {"text", "rule", "kind", "removed_characters", "removed"?, "sensitive"?}…]
nlohmann::json to_json(const std::vector<Piece>& pieces);

}  // namespace hone::corpus
