#pragma once
/// A template as a tree. Nodes are plain values; what a node's parts mean stands beside its kind.
#include <cstdint>
#include <string>
#include <vector>

#include "jinja/value.h"

namespace hone::jinja {

struct Expression {
  enum class Kind {
    literal,      ///< value
    name,         ///< name
    list, tuple,  ///< parts
    dict,         ///< parts: key, value, key, value …
    attribute,    ///< parts[0].name
    item,         ///< parts[0][parts[1]]
    slice,        ///< parts[0][parts[1]:parts[2]:parts[3]]; an absent one is an empty literal
    call,         ///< parts[0](parts[1] …, named)
    filter,       ///< parts[0] | name(parts[1] …, named)
    test,         ///< parts[0] is name(parts[1] …); `negated`
    unary,        ///< name: - + not
    binary,       ///< name: + - * / // % ** ~ and or
    compare,      ///< parts[0] names[0] parts[1] names[1] parts[2] …
    choice,       ///< parts[1] if parts[0] else parts[2]; the last may be missing
  };
  Kind kind = Kind::literal;
  uint32_t line = 1;
  std::string name;
  Value value;
  bool negated = false;
  std::vector<Expression> parts;
  std::vector<std::string> names;
  struct Named;
  std::vector<Named> named;
};

/// On its own, because a pair asks about its parts while they are still being declared.
struct Expression::Named {
  std::string name;
  Expression value;
};

struct Statement {
  enum class Kind {
    text,        ///< text
    print,       ///< expressions[0]
    branch,      ///< if expressions[0]: body, else: other
    loop,        ///< for names in expressions[0] if expressions[1]: body, else: other
    set,         ///< names = expressions[0]; or names[0].names[1] when `attribute`
    set_block,   ///< names[0] = body, through the filters of expressions[0], whose innermost operand is the name "body"
    macro,       ///< macro text(names, defaults in expressions): body
    filter_block,  ///< expressions[0] as for set_block: body
    generation,  ///< body: what the assistant is trained to write
    leave, next,  ///< break, continue
  };
  Kind kind = Kind::text;
  uint32_t line = 1;
  std::string text;
  bool attribute = false;
  std::vector<std::string> names;
  std::vector<Expression> expressions;
  std::vector<Statement> body, other;
};

}  // namespace hone::jinja
