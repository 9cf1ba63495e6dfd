#pragma once
/// Tokens to a tree, by recursive descent with Jinja 3's precedence. What Jinja has and this subset has not (include, import,
/// extends, call blocks, …) is an error that names it, never a silent difference.
#include <string>
#include <string_view>
#include <vector>

#include "jinja/lexer.h"
#include "jinja/syntax.h"

namespace hone::jinja {

/// `where` names the template in errors. Throws data with its line. Nesting is limited to 100 levels.
std::vector<Statement> parse(const std::vector<Token>& tokens, const std::string& where);

}  // namespace hone::jinja
