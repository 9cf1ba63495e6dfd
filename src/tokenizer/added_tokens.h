#pragma once
/// Tokens that are found in a text before it is cut into words: "<|im_start|>", "<mask>". The leftmost match counts, of those that
/// begin at one place the longest. lstrip and rstrip let a token take the white space beside it, single_word holds it to places
/// where no letter, digit, mark or "_" stands beside it.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hone::tokenizer {

struct AddedToken {
  int32_t id = 0;
  std::string content;
  bool special = false;     ///< A control token: gives no text when decoded without special tokens.
  bool normalized = false;  ///< Looked for after normalisation; else in the text as it is.
  bool lstrip = false, rstrip = false, single_word = false;
};

/// A token found, or the text between two (id -1): bytes [begin, end).
struct TextPart {
  int32_t id = -1;
  size_t begin = 0, end = 0;
};

class AddedTokens {
 public:
  AddedTokens() = default;
  explicit AddedTokens(std::vector<AddedToken> tokens);
  bool empty() const { return tokens_.empty(); }
  /// The whole text in order, tokens and what lies between them.
  std::vector<TextPart> split(std::string_view text) const;

 private:
  const AddedToken* match(std::string_view text, size_t at) const;

  std::vector<AddedToken> tokens_;            ///< Sorted by content.
  size_t begins_[256] = {}, ends_[256] = {};  ///< Those with a first byte; ends 0: none.
};

}  // namespace hone::tokenizer
