#pragma once
/// Jinja templates as chat templates and evaluation tasks use them: print, if, for, set, macro, filters, tests, string methods,
/// namespace(), and `{% generation %}` marks. What is not there is an error that names it, never a different text.
///
/// Behaviour: Jinja 3.1 (https://jinja.palletsprojects.com/templates/) with Python's strings, numbers and repr; a test compares
/// with what transformers and lm-eval rendered. Templates come with models and tasks, so they are not trusted: steps, depth and
/// output are limited, and there is nothing they could reach but the values they are given.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jinja/syntax.h"
#include "jinja/value.h"

namespace hone::jinja {

enum class Undefineds {
  lenient,  ///< Print as nothing, count as false (transformers).
  strict,   ///< May only be asked whether they are defined (lm-eval).
};

enum class JsonStyle {
  plain,      ///< json.dumps(x, ensure_ascii=False) (transformers).
  html_safe,  ///< Jinja's own: keys sorted, ASCII only, < > & ' as \u escapes.
};

struct TemplateOptions {
  bool trim_blocks = false;
  bool lstrip_blocks = false;
  bool keep_trailing_newline = false;
  Undefineds undefineds = Undefineds::lenient;
  JsonStyle json = JsonStyle::plain;
  uint64_t max_steps = 5'000'000;  ///< Nodes looked at, and kilobytes of values made, copied or written times four.
  /// As transformers renders chat templates, and as lm-eval renders the fields of a task.
  static TemplateOptions chat() { return {.trim_blocks = true, .lstrip_blocks = true}; }
  static TemplateOptions task() { return {.keep_trailing_newline = true, .undefineds = Undefineds::strict, .json = JsonStyle::html_safe}; }
};

struct Rendered {
  std::string text;
  std::vector<std::pair<size_t, size_t>> generated;  ///< Bytes of `text` inside {% generation %} marks, begin and end.
};

class Template {
 public:
  /// `where` names the template in errors ("tokenizer_config.json: chat_template"). Throws data with the line.
  Template(std::string_view source, TemplateOptions options, std::string where);

  /// `context` holds the names the template may use. Throws data: what raise_exception said, an undefined name, a type that
  /// does not fit, or a limit, each with the line.
  Rendered render(const Dict& context) const;

 private:
  TemplateOptions options_;
  std::string where_;
  std::vector<Statement> statements_;
};

}  // namespace hone::jinja
