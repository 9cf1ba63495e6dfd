#include "jinja/parser.h"

#include <algorithm>
#include <array>

#include "base/error.h"

namespace hone::jinja {
namespace {

using Kind = Expression::Kind;
constexpr int kMaxDepth = 100;
constexpr int kMaxNodes = 20'000;  // between {{ and }}: a chain of them is a tree as deep, and is taken down by recursion

class Parser {
 public:
  Parser(const std::vector<Token>& tokens, const std::string& where) : tokens_(tokens), where_(where) {}

  std::vector<Statement> run() {
    std::vector<Statement> statements = block({});
    if (now().kind != Token::Kind::end) fail("unexpected " + shown());
    return statements;
  }

 private:
  class Level {
   public:
    explicit Level(Parser& parser) : depth_(parser.depth_) {
      if (++depth_ > kMaxDepth) parser.fail("the template is nested more than " + std::to_string(kMaxDepth) + " levels deep");
    }
    ~Level() { --depth_; }

   private:
    int& depth_;
  };

  const Token& now() const { return tokens_[at_]; }
  const Token& ahead() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ExitCode::data, where_ + ":" + std::to_string(now().line) + ": " + what);
  }
  std::string shown() const {
    switch (now().kind) {
      case Token::Kind::block_end: return "%}";
      case Token::Kind::print_end: return "}}";
      case Token::Kind::end: return "the end of the template";
      default: return "\"" + now().text + "\"";
    }
  }
  bool sees_sign(std::string_view sign) const { return now().kind == Token::Kind::sign && now().text == sign; }
  bool sees_name(std::string_view name) const { return now().kind == Token::Kind::name && now().text == name; }
  bool take_sign(std::string_view sign) {
    if (!sees_sign(sign)) return false;
    ++at_;
    return true;
  }
  bool take_name(std::string_view name) {
    if (!sees_name(name)) return false;
    ++at_;
    return true;
  }
  void expect_sign(std::string_view sign) {
    if (!take_sign(sign)) fail("expected " + std::string(sign) + ", found " + shown());
  }
  std::string expect_name() {
    if (now().kind != Token::Kind::name) fail("expected a name, found " + shown());
    return tokens_[at_++].text;
  }
  void expect(Token::Kind kind) {
    if (now().kind != kind) fail(std::string("expected ") + (kind == Token::Kind::block_end ? "%}" : "}}") + ", found " + shown());
    ++at_, nodes_ = 0;
  }
  Expression node(Kind kind, std::vector<Expression> parts = {}, std::string name = {}) {
    if (++nodes_ > kMaxNodes) fail("one tag holds more than " + std::to_string(kMaxNodes) + " values");
    Expression expression;
    expression.kind = kind;
    expression.line = now().line;
    expression.parts = std::move(parts);
    expression.name = std::move(name);
    return expression;
  }
  Expression literal(Value value) {
    Expression expression = node(Kind::literal);
    expression.value = std::move(value);
    return expression;
  }

  // ---- statements

  /// Statements up to a block that starts with one of `ends`, which is not taken.
  std::vector<Statement> block(const std::vector<std::string_view>& ends) {
    const Level level(*this);
    std::vector<Statement> statements;
    for (;;) {
      Statement statement;
      statement.line = now().line;
      if (now().kind == Token::Kind::text) {
        statement.text = tokens_[at_++].text;
      } else if (now().kind == Token::Kind::print_begin) {
        ++at_;
        statement.kind = Statement::Kind::print;
        statement.expressions.push_back(tuple_or_single());
        expect(Token::Kind::print_end);
      } else if (now().kind == Token::Kind::block_begin) {
        const std::string& word = ahead().text;
        if (std::find(ends.begin(), ends.end(), word) != ends.end()) return statements;
        ++at_;
        this->statement(statement);
      } else {
        if (!ends.empty()) fail("the block is not closed by {% " + std::string(ends.back()) + " %}");
        return statements;
      }
      statements.push_back(std::move(statement));
    }
  }

  /// `{% word %}` where the block's opening mark has been seen but not taken.
  void end_block(std::string_view word) {
    ++at_;
    if (!take_name(word)) fail("expected " + std::string(word) + ", found " + shown());
    expect(Token::Kind::block_end);
  }

  void statement(Statement& out) {
    const std::string word = expect_name();
    if (word == "if") return branch(out);
    if (word == "for") return loop(out);
    if (word == "set") return set(out);
    if (word == "macro") return macro(out);
    if (word == "filter") return filter_block(out);
    if (word == "generation") {
      out.kind = Statement::Kind::generation;
      expect(Token::Kind::block_end);
      out.body = block({"endgeneration"});
      return end_block("endgeneration");
    }
    if (word == "break" || word == "continue") {
      out.kind = word == "break" ? Statement::Kind::leave : Statement::Kind::next;
      if (loops_ == 0) fail(word + " stands outside a loop");
      return expect(Token::Kind::block_end);
    }
    static constexpr std::array<std::string_view, 11> kElsewhere = {"include", "import", "from", "extends", "block", "call", "with",
                                                                    "autoescape", "do", "trans", "debug"};
    if (std::find(kElsewhere.begin(), kElsewhere.end(), word) != kElsewhere.end())
      fail("{% " + word + " %} is not among the parts of Jinja that Hone has; write the template without it");
    fail("there is no block called " + word);
  }

  void branch(Statement& out) {
    const Level level(*this);
    out.kind = Statement::Kind::branch;
    out.expressions.push_back(tuple_or_single());
    expect(Token::Kind::block_end);
    out.body = block({"elif", "else", "endif"});
    if (ahead().text == "elif") {
      at_ += 2;
      Statement nested;
      nested.line = now().line;
      branch(nested);
      out.other.push_back(std::move(nested));
      return;
    }
    if (ahead().text == "else") {
      at_ += 2;
      expect(Token::Kind::block_end);
      out.other = block({"endif"});
    }
    end_block("endif");
  }

  void loop(Statement& out) {
    out.kind = Statement::Kind::loop;
    out.names = targets();
    if (!take_name("in")) fail("expected in, found " + shown());
    out.expressions.push_back(tuple_or_single(false));
    if (take_name("if")) out.expressions.push_back(expression());
    if (sees_name("recursive")) fail("recursive loops are not among the parts of Jinja that Hone has");
    expect(Token::Kind::block_end);
    ++loops_;
    out.body = block({"else", "endfor"});
    --loops_;
    if (ahead().text == "else") {
      at_ += 2;
      expect(Token::Kind::block_end);
      out.other = block({"endfor"});
    }
    end_block("endfor");
  }

  std::vector<std::string> targets() {
    const bool round = take_sign("(");
    std::vector<std::string> names = {expect_name()};
    while (take_sign(",")) names.push_back(expect_name());
    if (round) expect_sign(")");
    return names;
  }

  void set(Statement& out) {
    out.kind = Statement::Kind::set;
    out.names = targets();
    if (out.names.size() == 1 && take_sign(".")) {
      out.attribute = true;
      out.names.push_back(expect_name());
    }
    if (take_sign("=")) {
      out.expressions.push_back(tuple_or_single());
      return expect(Token::Kind::block_end);
    }
    if (out.names.size() != 1) fail("expected =, found " + shown());
    out.kind = Statement::Kind::set_block;
    out.expressions.push_back(filters(node(Kind::name, {}, "body")));
    expect(Token::Kind::block_end);
    out.body = block({"endset"});
    end_block("endset");
  }

  void filter_block(Statement& out) {
    out.kind = Statement::Kind::filter_block;
    out.expressions.push_back(filters(one_filter(node(Kind::name, {}, "body"))));
    expect(Token::Kind::block_end);
    out.body = block({"endfilter"});
    end_block("endfilter");
  }

  void macro(Statement& out) {
    out.kind = Statement::Kind::macro;
    out.text = expect_name();
    expect_sign("(");
    while (!take_sign(")")) {
      if (!out.names.empty()) expect_sign(",");
      out.names.push_back(expect_name());
      if (take_sign("=")) out.expressions.push_back(expression());
      else if (!out.expressions.empty()) fail("parameter " + out.names.back() + " needs a default, since one before it has one");
    }
    expect(Token::Kind::block_end);
    const int loops = std::exchange(loops_, 0);
    out.body = block({"endmacro"});
    loops_ = loops;
    end_block("endmacro");
  }

  // ---- expressions

  Expression tuple_or_single(bool with_choice = true) {
    Expression first = with_choice ? expression() : disjunction();
    if (!sees_sign(",")) return first;
    Expression tuple = node(Kind::tuple);
    tuple.parts.push_back(std::move(first));
    while (take_sign(",")) {
      if (now().kind == Token::Kind::block_end || now().kind == Token::Kind::print_end || sees_sign(")")) break;
      tuple.parts.push_back(with_choice ? expression() : disjunction());
    }
    return tuple;
  }

  Expression expression() {
    const Level level(*this);
    Expression value = disjunction();
    while (take_name("if")) {
      Expression choice = node(Kind::choice);
      choice.parts.push_back(disjunction());
      choice.parts.push_back(std::move(value));
      if (take_name("else")) choice.parts.push_back(expression());
      value = std::move(choice);
    }
    return value;
  }

  /// Operands with any of `operators` between them, grouped from the left.
  Expression chain(std::initializer_list<std::string_view> operators, Expression (Parser::*part)()) {
    Expression left = (this->*part)();
    while ((now().kind == Token::Kind::sign || now().kind == Token::Kind::name) &&
           std::find(operators.begin(), operators.end(), now().text) != operators.end()) {
      const std::string& sign = tokens_[at_++].text;
      left = binary(sign, std::move(left), (this->*part)());
    }
    return left;
  }
  Expression disjunction() { return chain({"or"}, &Parser::conjunction); }
  Expression conjunction() { return chain({"and"}, &Parser::negation); }
  Expression negation() {
    const Level level(*this);
    if (sees_name("not")) {
      ++at_;
      return node(Kind::unary, one(negation()), "not");
    }
    return comparison();
  }
  Expression comparison() {
    Expression first = sum();
    Expression compare = node(Kind::compare);
    for (;;) {
      std::string sign;
      if (now().kind == Token::Kind::sign) {
        static constexpr std::array<std::string_view, 6> kSigns = {"==", "!=", "<", "<=", ">", ">="};
        if (std::find(kSigns.begin(), kSigns.end(), now().text) != kSigns.end()) sign = now().text;
      } else if (sees_name("in")) {
        sign = "in";
      } else if (sees_name("not") && ahead().kind == Token::Kind::name && ahead().text == "in") {
        sign = "not in";
        ++at_;
      }
      if (sign.empty()) break;
      ++at_;
      compare.names.push_back(std::move(sign));
      compare.parts.push_back(sum());
    }
    if (compare.parts.empty()) return first;
    compare.parts.insert(compare.parts.begin(), std::move(first));
    return compare;
  }
  Expression sum() { return chain({"+", "-"}, &Parser::concatenation); }
  Expression concatenation() { return chain({"~"}, &Parser::product); }
  Expression product() { return chain({"*", "/", "//", "%"}, &Parser::power); }
  Expression power() { return chain({"**"}, &Parser::unary); }
  Expression unary() { return filters(signed_value()); }
  /// A sign binds closer than a filter: -1|abs is 1.
  Expression signed_value() {
    const Level level(*this);
    if (!sees_sign("-") && !sees_sign("+")) return postfix(primary());
    const std::string& sign = tokens_[at_++].text;
    return postfix(node(Kind::unary, one(signed_value()), sign));
  }

  static std::vector<Expression> one(Expression expression) {
    std::vector<Expression> parts;
    parts.push_back(std::move(expression));
    return parts;
  }
  Expression binary(std::string sign, Expression left, Expression right) {
    Expression result = node(Kind::binary, {}, std::move(sign));
    for (Expression* each : {&left, &right}) result.parts.push_back(std::move(*each));
    return result;
  }

  Expression primary() {
    const Token& token = now();
    switch (token.kind) {
      case Token::Kind::integer:
      case Token::Kind::number: ++at_; return literal(token.value);
      case Token::Kind::string: {
        std::string text;
        while (now().kind == Token::Kind::string) text += tokens_[at_++].text;  // "a" "b" is "ab"
        return literal(std::move(text));
      }
      case Token::Kind::name: return named_value();
      case Token::Kind::sign: break;
      default: fail("expected a value, found " + shown());
    }
    if (take_sign("(")) {
      if (take_sign(")")) return node(Kind::tuple);
      Expression inside = tuple_or_single();
      expect_sign(")");
      return inside;
    }
    if (take_sign("[")) return list();
    if (take_sign("{")) return dict();
    fail("expected a value, found " + shown());
  }

  Expression named_value() {
    const std::string& name = now().text;
    Expression result = name == "true" || name == "True"      ? literal(true)
                        : name == "false" || name == "False"  ? literal(false)
                        : name == "none" || name == "None"    ? literal(None{})
                                                              : node(Kind::name, {}, name);
    ++at_;
    return result;
  }

  Expression list() {
    Expression result = node(Kind::list);
    while (!take_sign("]")) {
      if (!result.parts.empty()) {
        expect_sign(",");
        if (take_sign("]")) break;
      }
      result.parts.push_back(expression());
    }
    return result;
  }
  Expression dict() {
    Expression result = node(Kind::dict);
    while (!take_sign("}")) {
      if (!result.parts.empty()) {
        expect_sign(",");
        if (take_sign("}")) break;
      }
      result.parts.push_back(expression());
      expect_sign(":");
      result.parts.push_back(expression());
    }
    return result;
  }

  Expression postfix(Expression value) {
    for (;;) {
      if (take_sign(".")) {
        if (now().kind == Token::Kind::integer) {
          Expression item = node(Kind::item, one(std::move(value)));
          item.parts.push_back(literal(tokens_[at_++].value));
          value = std::move(item);
        } else {
          value = node(Kind::attribute, one(std::move(value)), expect_name());
        }
      } else if (take_sign("[")) {
        value = subscript(std::move(value));
      } else if (take_sign("(")) {
        value = node(Kind::call, one(std::move(value)));
        arguments(value);
      } else {
        return value;
      }
    }
  }

  Expression subscript(Expression value) {
    std::vector<Expression> places;
    bool colon = false;
    do {
      if (sees_sign(":") || sees_sign("]")) places.push_back(literal({}));
      else places.push_back(expression());
      colon = colon || sees_sign(":");
    } while (places.size() < 3 && take_sign(":"));
    expect_sign("]");
    if (!colon && places.front().kind == Kind::literal && places.front().value.is<Undefined>()) fail("[] needs a place");
    Expression result = node(colon ? Kind::slice : Kind::item, one(std::move(value)));
    while (colon && places.size() < 3) places.push_back(literal({}));
    for (Expression& place : places) result.parts.push_back(std::move(place));
    return result;
  }

  /// Behind "(": into `call` up to ")".
  void arguments(Expression& call) {
    bool first = true;
    while (!take_sign(")")) {
      if (!first) {
        expect_sign(",");
        if (take_sign(")")) return;
      }
      first = false;
      if (sees_sign("*") || sees_sign("**")) fail("calls with * or ** are not among the parts of Jinja that Hone has");
      if (now().kind == Token::Kind::name && ahead().kind == Token::Kind::sign && ahead().text == "=") {
        const std::string name = expect_name();
        ++at_;
        call.named.push_back({name, expression()});
      } else {
        if (!call.named.empty()) fail("an argument without a name stands behind one with a name");
        call.parts.push_back(expression());
      }
    }
  }

  Expression one_filter(Expression value) {
    std::string name = expect_name();
    while (take_sign(".")) name += "." + expect_name();
    Expression filter = node(Kind::filter, one(std::move(value)), std::move(name));
    if (take_sign("(")) arguments(filter);
    return filter;
  }

  Expression filters(Expression value) {
    for (;;) {
      if (take_sign("|")) value = one_filter(std::move(value));
      else if (take_name("is")) value = test(std::move(value));
      else return value;
    }
  }

  Expression test(Expression value) {
    const bool negated = take_name("not");
    Expression test = node(Kind::test, one(std::move(value)), expect_name());
    test.negated = negated;
    if (take_sign("(")) {
      arguments(test);
    } else if (starts_argument()) {
      test.parts.push_back(postfix(primary()));
    }
    return test;
  }
  /// Jinja lets a test's one argument stand without brackets: `x is divisibleby 3`.
  bool starts_argument() const {
    if (now().kind == Token::Kind::integer || now().kind == Token::Kind::number || now().kind == Token::Kind::string) return true;
    if (sees_sign("[") || sees_sign("{")) return true;
    static constexpr std::array<std::string_view, 7> kOperators = {"else", "or", "and", "is", "not", "in", "if"};
    return now().kind == Token::Kind::name && std::find(kOperators.begin(), kOperators.end(), now().text) == kOperators.end();
  }

  const std::vector<Token>& tokens_;
  const std::string& where_;
  size_t at_ = 0;
  int depth_ = 0, nodes_ = 0;
  int loops_ = 0;
};

}  // namespace

std::vector<Statement> parse(const std::vector<Token>& tokens, const std::string& where) { return Parser(tokens, where).run(); }

}  // namespace hone::jinja
