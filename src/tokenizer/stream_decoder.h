#pragma once
/// Text of a growing sequence of tokens: each call returns what can be shown for good, so a character whose
/// bytes are spread over several tokens appears when its last byte is there. Invariant: the pieces returned
/// by add() and finish() together are tokenizer.decode(all ids). One exception: where bytes are no character, a vocabulary
/// of the `tokenizers` library with byte fallback gives up the whole run of byte tokens, which a stream cannot take back.
#include <cstdint>
#include <string>

#include "tokenizer/tokenizer.h"

namespace hone::tokenizer {

class StreamDecoder {
 public:
  enum class Start {
    text,    ///< The first token opens a text: the space that vocabularies put before the first word is
             ///< dropped.
    inside,  ///< The tokens continue a text, such as a prompt: every space stays.
  };

  /// The tokenizer must outlive the decoder.
  explicit StreamDecoder(const Tokenizer& tokenizer, Start start = Start::text);

  /// Text that `id` completes; may be empty. Throws data for an id outside the vocabulary.
  std::string add(int32_t id);
  /// What is left: U+FFFD for a character that never became whole (for each of its bytes where tokens are not bytes throughout).
  std::string finish();

 private:
  /// Moves whole characters out of pending_; at the end of a run of bytes also what is broken.
  void take(std::string& text, bool run_ended);

  const Tokenizer* tokenizer_;
  bool at_start_;
  std::string pending_;  ///< Bytes of byte tokens that are not yet a character.
};

/// Whether a token writes less than whole characters: a byte token, or one of a byte-level vocabulary that begins or ends inside
/// a character.
bool writes_part_of_character(const Tokenizer& tokenizer, int32_t id);

}  // namespace hone::tokenizer
