#pragma once
/// Template text to tokens. Follows Jinja 3's lexer: `{{ }}`, `{% %}`, `{# #}`, raw blocks, `-` and `+` beside the marks, and the
/// settings trim_blocks (a line end behind a block goes) and lstrip_blocks (blanks before a block at the start of a line go).
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "jinja/value.h"

namespace hone::jinja {

struct Token {
  enum class Kind { text, print_begin, print_end, block_begin, block_end, name, integer, number, string, sign, end };
  Kind kind = Kind::end;
  std::string text;  ///< Text, name, sign, or a string with its escapes resolved.
  Value value;       ///< Of integer and number.
  uint32_t line = 1;
};

struct LexerOptions {
  bool trim_blocks = false, lstrip_blocks = false, keep_trailing_newline = false;
};

/// Ends with a token of kind end. Throws data with `where` and the line for marks and strings that are not closed.
std::vector<Token> tokenize(std::string_view source, const LexerOptions& options, const std::string& where);

}  // namespace hone::jinja
