#pragma once
/// What rules changed in a text, to be looked at: removed struck out, inserted underlined, with the text around.
/// Made of the pieces that corpus::to_json(pieces) writes. What the ledger does not keep (long or sensitive originals) stands as a
/// placeholder that says how much there was. Characters that nobody sees are named, so that a removed one can be seen.
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "report/html.h"
#include "report/words.h"

namespace hone::report {

struct Stretch {
  std::string now;   ///< As it is now, invisible characters named; may be empty.
  std::string text;  ///< The same for a comparison: white space alone is shown by signs.
  bool changed = false;
  std::string removed;  ///< Ready to be shown: the original, or the placeholder for it; empty for an insertion.
  bool kept_back = false;  ///< `removed` is a placeholder.
  bool sensitive = false;
  std::string rule, kind;
};

/// The text between two line breaks that no rule touched.
struct DiffRow {
  std::vector<Stretch> stretches;
  bool changed = false;
};

std::vector<DiffRow> diff_rows(const nlohmann::json& pieces, const Voice& voice);

enum class DiffLook { together, side_by_side };

/// A table; unchanged rows away from changes are folded away.
void diff_table(Html& out, const std::vector<DiffRow>& rows, DiffLook look, const Voice& voice);

/// The whole text as it is now, with marks where rules changed it: what an inspector reads.
void marked_text(Html& out, const std::vector<DiffRow>& rows);

/// For a terminal: the first `most` changed lines, long unchanged parts cut. Without colours [-removed-] and {+inserted+}.
std::string diff_lines(const std::vector<DiffRow>& rows, const Voice& voice, bool colours, size_t most);
/// For a terminal: the whole text as it is now, what rules put there marked.
std::string marked_lines(const std::vector<DiffRow>& rows, bool colours);

/// `text` with its invisible characters named; white space alone is shown by signs (␣ ⏎ ⇥).
std::string shown(const std::string& text);

}  // namespace hone::report
