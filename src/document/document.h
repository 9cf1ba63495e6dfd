#pragma once
/// What a reader hands over: the text of one document as it stands in its file, and where it comes from.
///
/// `text` is valid UTF-8 and otherwise as read: no Unicode normalisation, no trimming of its words. The offsets that ledgers
/// and labels speak of count code points of this text. Text from JSON Lines is exactly the string the JSON says (lone
/// surrogates become U+FFFD); in files of other formats "\r\n" has become "\n".
/// What could not be read is a Rejection, never an exception: one bad document costs one document.
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace hone::document {

/// A part of a sample of instruction data: bytes [begin, end) of the document's text.
struct Part {
  /// system, user, assistant or tool for the turns of a conversation; user may be followed by an `input` of the same turn (alpaca).
  /// `prompt` and `completion` where both are plain text; `chosen` and `rejected` for the two answers of a preference.
  std::string role;
  uint64_t begin = 0, end = 0;
  bool trained = true;  ///< False: an answer that only stands there to be answered to, whatever the roles that are trained.
  bool operator==(const Part&) const = default;
};

struct Document {
  std::string id;        ///< Unique in a run: the row's own id, or the path within its source (with #n for row n of a file).
  std::string source;    ///< Name of the source in the recipe, or the row's own `source`.
  std::string path;      ///< The file as the source names it, for people: pattern-relative, the same on every machine.
  std::string title;     ///< Empty when the format has none.
  std::string licence;   ///< The row's own, else the source's.
  std::string access;    ///< Label carried to shards and checkpoints.
  std::string text;      ///< UTF-8, not normalised.
  std::string encoding;  ///< What the text was decoded from: "utf-8", "cp949", "utf-16le", …
  std::string metadata;  ///< JSON object as text (front matter, the row's other short fields), or empty.
  std::string source_sha256;  ///< Of the whole file at `path` as it is stored, packed or not; 64 hex digits.
  uint64_t bytes = 0;    ///< Of the document in its stored, inflated form: what "bytes read" counts.
  uint64_t row = 0;      ///< Row in its file from 1; 0 when the file is one document.
  bool measured_only = false;  ///< Of a source that is never trained on.
  /// Of a record of instruction data: messages, prompt_completion, alpaca, sharegpt or preference; empty for running text.
  std::string record;
  /// Of a record: its parts in order, not empty, a blank line apart; together with these lines they are the text.
  std::vector<Part> parts;
  uint64_t recalled = 0;       ///< Not 0: `text` was not read again; whoever asked for that knows it by this number (stream.h).
};

/// Why there is no Document. `reason` is one of the words below.
struct Rejection {
  std::string id;
  std::string source;
  std::string path;
  std::string reason;   ///< For machines and ledgers.
  std::string message;  ///< For people: what, and what to do.
  uint64_t bytes = 0;
  uint64_t row = 0;
};

using Item = std::variant<Document, Rejection>;

namespace reason {
inline constexpr const char* kUnreadableFormat = "unreadable_format";  ///< Hone has no reader for it.
inline constexpr const char* kEncrypted = "encrypted";                 ///< Behind a password or a distribution lock.
inline constexpr const char* kScanned = "scanned";                     ///< Pictures of pages without a text layer.
inline constexpr const char* kUnreadableFile = "unreadable_file";      ///< The system would not open or read it.
inline constexpr const char* kDamaged = "damaged";                     ///< Truncated or corrupt container, broken JSON.
inline constexpr const char* kNoText = "no_text";                      ///< Nothing to learn from: empty, or a row without text.
inline constexpr const char* kNotText = "not_text";                    ///< Binary content under a text name.
inline constexpr const char* kTooLarge = "too_large";                  ///< Past the limits on size, nesting or memory.
inline constexpr const char* kNotARecord = "not_a_record";             ///< A row that lacks a column of its format, or has something else in it.
inline constexpr const char* kUnknownRole = "unknown_role";            ///< A message by somebody Hone does not know.
inline constexpr const char* kNoAnswer = "no_answer";                  ///< Instruction data with nothing to learn to say.
inline constexpr const char* kEmptyTurn = "empty_turn";                ///< Somebody says nothing.
inline constexpr const char* kUnsupported = "unsupported_message";     ///< Pictures, calls of tools: what is not text.
inline constexpr const char* kEqualAnswers = "equal_answers";          ///< A preference between two equal answers.
inline constexpr const char* kTimedOut = "timed_out";                  ///< The reader did not finish in time.
inline constexpr const char* kCrashed = "crashed";                     ///< The reader died of it.
}  // namespace reason

}  // namespace hone::document
