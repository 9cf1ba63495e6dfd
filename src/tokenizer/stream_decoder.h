#pragma once
/// Text of a growing sequence of tokens: each call returns what can be shown for good, so a character whose
/// bytes are spread over several tokens appears when its last byte is there. Invariant: the pieces returned
/// by add() and finish() together are tokenizer.decode(all ids).
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
  /// What is left: U+FFFD for each byte of a character that never became whole.
  std::string finish();

 private:
  /// Moves whole characters out of pending_; at the end of a run of bytes also what is broken.
  void take(std::string& text, bool run_ended);

  const Tokenizer* tokenizer_;
  bool at_start_;
  std::string pending_;  ///< Bytes of byte tokens that are not yet a character.
};

}  // namespace hone::tokenizer
