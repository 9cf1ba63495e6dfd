#include "jinja/interpreter.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "jinja/builtins.h"
#include "jinja/lexer.h"
#include "jinja/parser.h"
#include "jinja/text.h"

namespace hone::jinja {
namespace {

constexpr uint64_t kBytesOfAStep = 256;
constexpr uint64_t kStepsOfARound = 10;  // a scope, and what `loop` says
constexpr int kMaxDepth = 200;
constexpr int64_t kMaxRange = 1'000'000;

std::shared_ptr<Callable> function(std::string name, std::function<Value(const Arguments&)> call) {
  return std::make_shared<Callable>(Callable{std::move(name), std::move(call)});
}

Value range(const Arguments& arguments) {
  const Called called("range", arguments);
  called.at_most(3);
  const bool only_end = arguments.positional.size() < 2;
  const int64_t begin = only_end ? 0 : called.integer(0, {}, 0);
  const int64_t end = called.integer(only_end ? 0 : 1, {}, 0);
  const int64_t step = called.integer(2, {}, 1);
  if (step == 0) called.fail("the step is 0");
  List list;
  for (int64_t at = begin; step > 0 ? at < end : at > end;) {
    if (list.items.size() >= static_cast<size_t>(kMaxRange)) called.fail("more than a million numbers");
    list.items.emplace_back(at);
    if (__builtin_add_overflow(at, step, &at)) break;
  }
  return list;
}

Dict named_values(const Arguments& arguments) {
  Dict dict;
  for (const Value& given : arguments.positional) {
    if (given.dict() != nullptr) dict = *given.dict();
  }
  for (const auto& [name, value] : arguments.named) dict.put(name, value);
  return dict;
}

/// Python's // and % on integers; `right` is not 0.
int64_t floor_divide(int64_t left, int64_t right) {
  const int64_t quotient = left / right;
  return left % right != 0 && (left < 0) != (right < 0) ? quotient - 1 : quotient;
}

}  // namespace

Interpreter::Interpreter(const TemplateOptions& options, const std::string& where, const Dict& context) : options_(options), where_(where) {
  scopes_.resize(2);
  install_globals();
  for (const auto& [name, value] : context.items) scopes_[1][str(name)] = value;
}

Interpreter::~Interpreter() {
  for (const auto& space : spaces_) space->values.items.clear();
}

void Interpreter::install_globals() {
  Scope& globals = scopes_.front();
  globals["range"] = function("range", range);
  globals["dict"] = function("dict", [](const Arguments& arguments) { return Value(named_values(arguments)); });
  globals["namespace"] = function("namespace", [this](const Arguments& arguments) {
    return Value(spaces_.emplace_back(std::make_shared<Namespace>(Namespace{named_values(arguments)})));
  });
  globals["raise_exception"] = function("raise_exception", [](const Arguments& arguments) -> Value {
    throw Error(ExitCode::data, str(Called("raise_exception", arguments).need(0, "message")));
  });
}

void Interpreter::fail(uint32_t line, const std::string& what) const {
  throw Error(ExitCode::data, where_ + ":" + std::to_string(line) + ": " + what);
}

void Interpreter::spend(uint32_t line, uint64_t steps) {
  steps_ += steps;
  if (steps_ > options_.max_steps)
    fail(line, "the template does not come to an end (more than " + std::to_string(options_.max_steps) + " steps)");
}

void Interpreter::spend_on(uint32_t line, const Value& value) { spend(line, value.extent().weight / kBytesOfAStep); }

void Interpreter::write(uint32_t line, std::string_view text) {
  if (out_.text.size() + text.size() > kMaxText) fail(line, "the template writes more than 64 MiB");
  spend(line, text.size() / kBytesOfAStep);
  out_.text += text;
}

Rendered Interpreter::run(const std::vector<Statement>& statements) {
  run_all(statements);
  return std::move(out_);
}

Interpreter::Flow Interpreter::run_all(const std::vector<Statement>& statements) {
  for (const Statement& statement : statements) {
    const Flow flow = run_one(statement);
    if (flow != Flow::on) return flow;
  }
  return Flow::on;
}

Interpreter::Flow Interpreter::run_one(const Statement& statement) {
  spend(statement.line);
  switch (statement.kind) {
    case Statement::Kind::text: write(statement.line, statement.text); return Flow::on;
    case Statement::Kind::print: {
      const Value value = evaluate(statement.expressions[0]);
      require_defined(value, statement.line);
      write(statement.line, str(value));
      return Flow::on;
    }
    case Statement::Kind::branch:
      return run_all(truth(evaluate(statement.expressions[0]), statement.line) ? statement.body : statement.other);
    case Statement::Kind::loop: return loop(statement);
    case Statement::Kind::set: set(statement); return Flow::on;
    case Statement::Kind::set_block:
    case Statement::Kind::filter_block: {
      scopes_.emplace_back()["body"] = captured(statement.body);
      const Value value = evaluate(statement.expressions[0]);
      scopes_.pop_back();
      if (statement.kind == Statement::Kind::filter_block) write(statement.line, str(value));
      else scopes_.back()[statement.names[0]] = value;
      return Flow::on;
    }
    case Statement::Kind::macro: define(statement); return Flow::on;
    case Statement::Kind::generation: {
      const size_t begin = out_.text.size();
      const Flow flow = run_all(statement.body);
      out_.generated.emplace_back(begin, out_.text.size());
      return flow;
    }
    case Statement::Kind::leave: return Flow::leave;
    case Statement::Kind::next: return Flow::next;
  }
  HONE_ASSERT(false);
}

std::string Interpreter::captured(const std::vector<Statement>& statements) {
  Rendered outer = std::exchange(out_, {});
  run_all(statements);
  std::string text = std::move(out_.text);
  out_ = std::move(outer);
  return text;
}

void Interpreter::bind(const std::vector<std::string>& names, const Value& value, uint32_t line) {
  if (names.size() == 1) {
    scopes_.back()[names[0]] = value;
    return;
  }
  const std::vector<Value> parts = items_of(value);
  if (parts.size() != names.size())
    fail(line, std::to_string(names.size()) + " names cannot take " + std::to_string(parts.size()) + " values");
  for (size_t i = 0; i < names.size(); ++i) scopes_.back()[names[i]] = parts[i];
}

Interpreter::Flow Interpreter::loop(const Statement& statement) {
  const Value over = evaluate(statement.expressions[0]);
  spend_on(statement.line, over);
  std::vector<Value> items;
  if (!over.is<Undefined>() || options_.undefineds == Undefineds::strict) items = items_of(over);
  if (statement.expressions.size() > 1) {
    std::vector<Value> chosen;
    for (Value& item : items) {
      scopes_.emplace_back();
      bind(statement.names, item, statement.line);
      if (truth(evaluate(statement.expressions[1]), statement.line)) chosen.push_back(std::move(item));
      scopes_.pop_back();
    }
    items = std::move(chosen);
  }
  if (items.empty()) return run_all(statement.other);
  const auto count = static_cast<int64_t>(items.size());
  for (int64_t i = 0; i < count; ++i) {
    spend(statement.line, kStepsOfARound);
    scopes_.emplace_back();
    bind(statement.names, items[static_cast<size_t>(i)], statement.line);
    Dict facts;
    for (const auto& [name, value] : {std::pair<const char*, int64_t>{"index", i + 1}, {"index0", i}, {"revindex", count - i},
                                      {"revindex0", count - i - 1}, {"length", count}, {"depth", 1}, {"depth0", 0}}) {
      facts.items.emplace_back(name, value);
    }
    facts.items.emplace_back("first", i == 0);
    facts.items.emplace_back("last", i == count - 1);
    facts.items.emplace_back("previtem", i > 0 ? items[static_cast<size_t>(i - 1)] : Value(Undefined{"loop.previtem"}));
    facts.items.emplace_back("nextitem", i + 1 < count ? items[static_cast<size_t>(i + 1)] : Value(Undefined{"loop.nextitem"}));
    facts.items.emplace_back("cycle", function("loop.cycle", [i](const Arguments& arguments) {
      if (arguments.positional.empty()) throw Error(ExitCode::data, "loop.cycle needs values");
      return arguments.positional[static_cast<size_t>(i) % arguments.positional.size()];
    }));
    scopes_.back()["loop"] = std::move(facts);
    const Flow flow = run_all(statement.body);
    scopes_.pop_back();
    if (flow == Flow::leave) break;
  }
  return Flow::on;
}

void Interpreter::set(const Statement& statement) {
  Value value = evaluate(statement.expressions[0]);
  if (!statement.attribute) return bind(statement.names, value, statement.line);
  Namespace* space = look_up(statement.names[0]).space();
  if (space == nullptr) fail(statement.line, statement.names[0] + " is no namespace(), so its attributes cannot be set");
  space->values.put(statement.names[1], std::move(value));
}

void Interpreter::define(const Statement& macro) {
  scopes_.back()[macro.text] = function(macro.text, [this, &macro](const Arguments& arguments) { return call_macro(macro, arguments); });
}

Value Interpreter::call_macro(const Statement& macro, const Arguments& arguments) {
  const Called called(macro.text, arguments);
  called.at_most(macro.names.size());
  Scope own;
  const size_t without_default = macro.names.size() - macro.expressions.size();
  for (size_t i = 0; i < macro.names.size(); ++i) {
    if (const Value* given = called.find(i, macro.names[i])) own[macro.names[i]] = *given;
    else if (i >= without_default) own[macro.names[i]] = evaluate(macro.expressions[i - without_default]);
    else own[macro.names[i]] = Undefined{macro.names[i]};
  }
  // A macro sees the template's own names, not those of the loop it is called from.
  std::vector<Scope> outer(std::make_move_iterator(scopes_.begin() + 2), std::make_move_iterator(scopes_.end()));
  scopes_.resize(2);
  scopes_.push_back(std::move(own));
  std::string text = captured(macro.body);
  scopes_.resize(2);
  std::move(outer.begin(), outer.end(), std::back_inserter(scopes_));
  return text;
}

Value Interpreter::look_up(const std::string& name) const {
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
    const auto found = scope->find(name);
    if (found != scope->end()) return found->second;
  }
  return Undefined{name};
}

void Interpreter::require_defined(const Value& value, uint32_t line) const {
  if (!value.is<Undefined>() || options_.undefineds == Undefineds::lenient) return;
  const std::string& name = std::get<Undefined>(value.kind()).name;
  if (!name.empty()) fail(line, name + " is undefined");  // without a name: the missing else of an inline if, never strict
}

bool Interpreter::truth(const Value& value, uint32_t line) const {
  require_defined(value, line);
  return value.truth();
}

Value Interpreter::evaluate(const Expression& expression) {
  spend(expression.line);
  if (++depth_ > kMaxDepth) fail(expression.line, "calls are nested more than " + std::to_string(kMaxDepth) + " levels deep");
  Value value;
  try {
    value = evaluate_kind(expression);
  } catch (const Error& error) {
    if (std::string_view(error.what()).starts_with(where_)) throw;
    fail(expression.line, error.what());
  }
  --depth_;
  const bool named = expression.kind == Expression::Kind::name || expression.kind == Expression::Kind::attribute || expression.kind == Expression::Kind::item;
  if (!named || value.string() != nullptr) spend_on(expression.line, value);  // lists by name are shared, not made
  return value;
}

Value Interpreter::evaluate_kind(const Expression& expression) {
  const std::vector<Expression>& parts = expression.parts;
  switch (expression.kind) {
    case Expression::Kind::literal: return expression.value;
    case Expression::Kind::name: return look_up(expression.name);
    case Expression::Kind::list:
    case Expression::Kind::tuple: {
      List list{.items = {}, .tuple = expression.kind == Expression::Kind::tuple};
      for (const Expression& part : parts) list.items.push_back(evaluate(part));
      return list;
    }
    case Expression::Kind::dict: {
      Dict dict;
      for (size_t i = 0; i < parts.size(); i += 2) {
        Value key = evaluate(parts[i]);
        dict.put(std::move(key), evaluate(parts[i + 1]));
      }
      return dict;
    }
    case Expression::Kind::attribute: return attribute(evaluate(parts[0]), expression);
    case Expression::Kind::item: {
      const Value value = evaluate(parts[0]);
      if (value.is<Undefined>()) fail(expression.line, std::get<Undefined>(value.kind()).name + " is undefined");
      return item_of(value, evaluate(parts[1]));
    }
    case Expression::Kind::slice: return sliced_value(expression);
    case Expression::Kind::call: return call(expression);
    case Expression::Kind::filter: return filtered(expression);
    case Expression::Kind::test: {
      const Value value = evaluate(parts[0]);
      const bool asks_for_it = expression.name == "defined" || expression.name == "undefined";
      if (!asks_for_it) require_defined(value, expression.line);
      return apply_test(expression.name, value, arguments_of(expression)) != expression.negated;
    }
    case Expression::Kind::unary: return unary(expression);
    case Expression::Kind::binary: return binary(expression);
    case Expression::Kind::compare: return compare(expression);
    case Expression::Kind::choice:
      if (truth(evaluate(parts[0]), expression.line)) return evaluate(parts[1]);
      return parts.size() > 2 ? evaluate(parts[2]) : Value(Undefined{});
  }
  HONE_ASSERT(false);
}

Value Interpreter::attribute(const Value& value, const Expression& expression) {
  if (value.is<Undefined>()) fail(expression.line, std::get<Undefined>(value.kind()).name + " is undefined");
  const Value found = item_of(value, expression.name);
  if (!found.is<Undefined>() || !has_method(value, expression.name)) return found;
  const auto method = function(expression.name, [value, name = expression.name](const Arguments& arguments) { return call_method(value, name, arguments); });
  method->extent = {value.extent().depth + 1, value.extent().weight};
  return method;
}

Value Interpreter::sliced_value(const Expression& expression) {
  const Value value = evaluate(expression.parts[0]);
  const int64_t* places[3] = {};
  Value kept[3];
  for (size_t i = 0; i < 3; ++i) {
    kept[i] = evaluate(expression.parts[i + 1]);
    if (kept[i].is<Undefined>() || kept[i].is<None>()) continue;
    places[i] = kept[i].integer();
    if (places[i] == nullptr) fail(expression.line, "a place in [:] must be a whole number, not " + std::string(kept[i].type_name()));
  }
  const int64_t step = places[2] != nullptr ? *places[2] : 1;
  if (step == 0) fail(expression.line, "the step of [::] is 0");
  if (value.string() != nullptr) return slice(*value.string(), places[0], places[1], step);
  if (value.list() == nullptr) fail(expression.line, std::string(value.type_name()) + " cannot be cut by [:]");
  List list{.items = {}, .tuple = value.list()->tuple};
  for (const int64_t at : sliced(static_cast<int64_t>(value.list()->items.size()), places[0], places[1], step))
    list.items.push_back(value.list()->items[static_cast<size_t>(at)]);
  return list;
}

Arguments Interpreter::arguments_of(const Expression& expression) {
  Arguments arguments;
  for (size_t i = 1; i < expression.parts.size(); ++i) arguments.positional.push_back(evaluate(expression.parts[i]));
  for (const auto& [name, value] : expression.named) arguments.named.emplace_back(name, evaluate(value));
  return arguments;
}

Value Interpreter::call(const Expression& expression) {
  const Expression& callee = expression.parts[0];
  const Value value = evaluate(callee);
  if (value.callable() == nullptr) {
    if (callee.kind == Expression::Kind::attribute) {
      const Value owner = evaluate(callee.parts[0]);
      fail(expression.line, std::string(owner.type_name()) + " has no method " + callee.name);
    }
    fail(expression.line, (callee.name.empty() ? std::string(value.type_name()) : callee.name) + " is no function");
  }
  spend_on(expression.line, value);
  return value.callable()->call(arguments_of(expression));
}

Value Interpreter::filtered(const Expression& expression) {
  const Value value = evaluate(expression.parts[0]);
  const bool has_answer = expression.name == "default" || expression.name == "d";
  if (!has_answer) require_defined(value, expression.line);
  spend_on(expression.line, value);
  return apply_filter(expression.name, value, arguments_of(expression), options_);
}

Value Interpreter::unary(const Expression& expression) {
  const Value value = evaluate(expression.parts[0]);
  if (expression.name == "not") return !truth(value, expression.line);
  if (!value.is_number()) fail(expression.line, "bad operand for unary " + expression.name + ": " + std::string(value.type_name()));
  if (value.is<double>()) return expression.name == "-" ? -value.number() : value.number();
  const int64_t number = value.integer() != nullptr ? *value.integer() : static_cast<int64_t>(value.number());
  int64_t result = number;
  if (expression.name == "-" && __builtin_sub_overflow(0, number, &result)) fail(expression.line, "the number is too large");
  return result;
}

Value Interpreter::binary(const Expression& expression) {
  const Value left = evaluate(expression.parts[0]);
  if (expression.name == "and") return truth(left, expression.line) ? evaluate(expression.parts[1]) : left;
  if (expression.name == "or") return truth(left, expression.line) ? left : evaluate(expression.parts[1]);
  const Value right = evaluate(expression.parts[1]);
  if (expression.name == "~") {
    require_defined(left, expression.line);
    require_defined(right, expression.line);
    return joined(expression.line, str(left), str(right));
  }
  for (const Value* value : {&left, &right}) {
    if (value->is<Undefined>()) fail(expression.line, std::get<Undefined>(value->kind()).name + " is undefined");
  }
  return arithmetic(expression, left, right);
}

std::string Interpreter::joined(uint32_t line, const std::string& left, const std::string& right) const {
  if (left.size() + right.size() > kMaxText) fail(line, "the string becomes longer than 64 MiB");
  return left + right;
}

Value Interpreter::arithmetic(const Expression& expression, const Value& left, const Value& right) {
  const std::string& sign = expression.name;
  if (sign == "+" && left.string() != nullptr && right.string() != nullptr) return joined(expression.line, *left.string(), *right.string());
  if (sign == "+" && left.list() != nullptr && right.list() != nullptr) {
    spend_on(expression.line, left);
    spend_on(expression.line, right);
    List list = *left.list();
    list.items.insert(list.items.end(), right.list()->items.begin(), right.list()->items.end());
    return list;
  }
  if (sign == "*" && right.string() != nullptr && left.integer() != nullptr) return arithmetic(expression, right, left);
  if (sign == "*" && left.string() != nullptr && right.integer() != nullptr) {
    const auto times = static_cast<size_t>(std::max<int64_t>(0, *right.integer()));
    if (left.string()->empty()) return left;
    if (times > kMaxText / left.string()->size()) fail(expression.line, "the string becomes longer than 64 MiB");
    std::string text;
    for (size_t i = 0; i < times; ++i) text += *left.string();
    return text;
  }
  if (!left.is_number() || !right.is_number())
    fail(expression.line, "unsupported operand types for " + sign + ": " + std::string(left.type_name()) + " and " + std::string(right.type_name()));
  const bool divides = sign == "/" || sign == "//" || sign == "%";
  if (divides && right.number() == 0) fail(expression.line, "division by zero");
  if (left.is<double>() || right.is<double>() || sign == "/") {
    const double a = left.number(), b = right.number();
    if (sign == "+") return a + b;
    if (sign == "-") return a - b;
    if (sign == "*") return a * b;
    if (sign == "/") return a / b;
    if (sign == "//") return std::floor(a / b);
    if (sign == "%") return a - b * std::floor(a / b);
    return std::pow(a, b);
  }
  const auto whole = [](const Value& value) { return value.integer() != nullptr ? *value.integer() : static_cast<int64_t>(value.number()); };
  const int64_t a = whole(left), b = whole(right);
  int64_t result = 0;
  bool overflow = a == INT64_MIN && b == -1;
  if (sign == "+") overflow = __builtin_add_overflow(a, b, &result);
  else if (sign == "-") overflow = __builtin_sub_overflow(a, b, &result);
  else if (sign == "*") overflow = __builtin_mul_overflow(a, b, &result);
  else if (sign == "//" && !overflow) result = floor_divide(a, b);
  else if (sign == "%" && !overflow) result = a - b * floor_divide(a, b);
  else if (sign == "**") {
    const double power = std::pow(static_cast<double>(a), static_cast<double>(b));
    if (b < 0) return power;
    overflow = std::abs(power) > 9e15;  // beyond this a double is no longer exact
    result = static_cast<int64_t>(overflow ? 0 : power);
  }
  if (overflow) fail(expression.line, "the number is too large");
  return result;
}

bool Interpreter::compare(const Expression& expression) {
  Value left = evaluate(expression.parts[0]);
  for (size_t i = 0; i < expression.names.size(); ++i) {
    Value right = evaluate(expression.parts[i + 1]);
    for (const Value* value : {&left, &right}) {
      require_defined(*value, expression.line);
      spend_on(expression.line, *value);
    }
    const std::string& sign = expression.names[i];
    const bool holds = sign == "==" ? equal(left, right)
                       : sign == "!=" ? !equal(left, right)
                       : sign == "in" ? contains(right, left)
                       : sign == "not in" ? !contains(right, left)
                       : sign == "<" ? less(left, right)
                       : sign == ">" ? less(right, left)
                       : sign == "<=" ? less(left, right) || equal(left, right)
                                      : less(right, left) || equal(left, right);
    if (!holds) return false;
    left = std::move(right);
  }
  return true;
}

Template::Template(std::string_view source, TemplateOptions options, std::string where)
    : options_(options), where_(std::move(where)),
      statements_(parse(tokenize(source, {options.trim_blocks, options.lstrip_blocks, options.keep_trailing_newline}, where_), where_)) {}

Rendered Template::render(const Dict& context) const { return Interpreter(options_, where_, context).run(statements_); }

}  // namespace hone::jinja
