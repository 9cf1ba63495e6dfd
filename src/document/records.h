#pragma once
/// Rows of instruction data → Records: who says what, whatever the row's format calls it.
///
///   messages, sharegpt   a list of messages; a column with a system message may stand beside it
///   alpaca               [system] [history: pairs of question and answer] instruction, input, output
///   prompt_completion    both text, or both lists of messages: then the prompt's answers are not trained
///   preference           prompt, chosen and rejected: text or lists of messages; without a prompt, what the two answers begin with in
///                        common is the prompt (TRL's implicit prompt)
/// Columns may have other names; dots lead into objects. A list may also stand there as text that holds JSON, as tables have it.
/// A row that is not so is a problem with a reason and what to do, never guessed at.
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "document/document.h"
#include "recipe/source_format.h"

namespace simdjson::dom {
class element;
}

namespace hone::document {

struct RecordFormat {
  recipe::SourceFormat format = recipe::SourceFormat::text;
  recipe::ColumnOptions columns;
  bool on() const { return format != recipe::SourceFormat::text; }
  /// "alpaca", as Document::record has it.
  std::string_view name() const { return names_of(format)[static_cast<size_t>(format)]; }
};

/// A turn of a record.
struct Turn {
  std::string role;  ///< As Part::role.
  std::string text;
  bool trained = true;
};

struct RecordProblem {
  const char* reason;   ///< Of document.h.
  std::string message;  ///< What is wrong and what to do, to be put behind "line 7 ".
};

/// A column's value: nothing (absent or null), text, or another kind of JSON.
using ColumnValue = std::variant<std::monostate, std::string_view, std::reference_wrapper<const simdjson::dom::element>>;
/// The value of a column, by its name or path. Views need only last until the next call of read_record().
using ColumnLookup = std::function<ColumnValue(std::string_view path)>;

/// The turns of a row, none of them empty. Pure: the same row gives the same answer.
std::variant<std::vector<Turn>, RecordProblem> read_record(const RecordFormat& format, const ColumnLookup& row);

/// `role` as Hone calls it, or empty when it is not known: human and user are user; gpt, model and assistant are assistant …
std::string_view known_role(std::string_view role);

/// Writes turns into a document: its text and parts.
void set_turns(Document& document, const RecordFormat& format, const std::vector<Turn>& turns);

}  // namespace hone::document
