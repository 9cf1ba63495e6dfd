#pragma once
/// Walks the tree of a template and writes its text. Scopes as in Jinja: a loop's body has its own, an `if` has none.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "jinja/template.h"

namespace hone::jinja {

class Interpreter {
 public:
  Interpreter(const TemplateOptions& options, const std::string& where, const Dict& context);
  /// Empties the namespaces, which may hold each other.
  ~Interpreter();
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  Rendered run(const std::vector<Statement>& statements);

 private:
  using Scope = std::map<std::string, Value, std::less<>>;
  enum class Flow { on, leave, next };

  [[noreturn]] void fail(uint32_t line, const std::string& what) const;
  void spend(uint32_t line, uint64_t steps = 1);
  void spend_on(uint32_t line, const Value& value);
  void write(uint32_t line, std::string_view text);

  Flow run_all(const std::vector<Statement>& statements);
  Flow run_one(const Statement& statement);
  Flow loop(const Statement& statement);
  void set(const Statement& statement);
  void bind(const std::vector<std::string>& names, const Value& value, uint32_t line);
  void define(const Statement& macro);
  Value call_macro(const Statement& macro, const Arguments& arguments);
  /// What `statements` write, as a string.
  std::string captured(const std::vector<Statement>& statements);

  Value evaluate(const Expression& expression);
  Value evaluate_kind(const Expression& expression);
  Value look_up(const std::string& name) const;
  Value attribute(const Value& value, const Expression& expression);
  Value sliced_value(const Expression& expression);
  Value call(const Expression& expression);
  Value unary(const Expression& expression);
  Value binary(const Expression& expression);
  Value arithmetic(const Expression& expression, const Value& left, const Value& right);
  std::string joined(uint32_t line, const std::string& left, const std::string& right) const;
  bool compare(const Expression& expression);
  /// Throws for what is undefined where templates are strict.
  void require_defined(const Value& value, uint32_t line) const;
  bool truth(const Value& value, uint32_t line) const;
  Value filtered(const Expression& expression);
  Arguments arguments_of(const Expression& expression);
  void install_globals();

  const TemplateOptions& options_;
  const std::string& where_;
  std::vector<Scope> scopes_;
  std::vector<std::shared_ptr<Namespace>> spaces_;
  Rendered out_;
  uint64_t steps_ = 0;
  int depth_ = 0;
};

}  // namespace hone::jinja
