#pragma once
/// What a model is asked for one row of a task, as lm-evaluation-harness 0.4.13 asks it:
///
///   context      = description + Σ over examples (question + target_delimiter + answer + fewshot_delimiter) + question
///   continuation = target_delimiter + choice                       (multiple_choice)
/// With a chat template the same parts become messages and the model's template writes the context.
/// Few-shot examples of the sampler `default` come from one generator, Random(1234), which goes on from row to row: rows have to be
/// asked for in order. Where the examples' split is the one that is tested, the row itself is never its own example.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "jinja/value.h"
#include "tasks/harness/python_random.h"
#include "tasks/harness/rows.h"
#include "tasks/harness/task_file.h"

namespace hone::tasks {

struct ChatMessage {
  std::string role, content;
};

/// How prompts are dressed for a chat model. Without a template they are plain text.
struct ChatStyle {
  /// Messages to text; the flag asks for the opening of the answer. Empty: no chat template.
  std::function<std::string(const std::vector<ChatMessage>&, bool add_generation_prompt)> apply;
  bool fewshot_as_multiturn = false;
  std::string system_instruction;
};

/// One call of a model: the log-probability of a continuation, of a whole text (rolling: `context` is the text), or an answer.
struct Request {
  std::string context, continuation;
};

/// A row and what is asked about it. multiple_choice: a request a choice, and again without context for acc_mutual_info.
struct Question {
  size_t row = 0;
  std::vector<Request> requests;
  std::vector<std::string> choices;  ///< multiple_choice.
  jinja::Value target;               ///< What doc_to_target gives: an index, a text, or a list.
};

class Prompter {
 public:
  /// `rows` must outlive it. Throws data or usage naming the task when its templates do not fit its rows.
  Prompter(const TaskConfig& task, const TaskRows& rows, ChatStyle style = {}, uint64_t seed = 1234);
  ~Prompter();
  Prompter(Prompter&&) noexcept;

  size_t size() const { return documents_->size(); }
  /// The next row's question; rows come in order. Nothing behind the last.
  std::optional<Question> next();
  /// Row as the templates saw it, after process_docs.
  const Row& document(size_t row) const { return (*documents_)[row]; }
  /// Whether doc_to_text gives the place of the right choice (winogrande and its kind): choices are contexts then.
  bool multiple_input() const { return multiple_input_; }
  bool multiple_target() const { return multiple_target_; }

 private:
  struct Fields;
  struct Turn {
    std::string role, content, delimiter;
  };
  std::vector<Turn> examples(const Row& row);
  void add_turns(std::vector<Turn>& turns, const std::string& question, const jinja::Value* choices, const jinja::Value* answer,
                 const std::string& prefix, const std::string& target_delimiter, const std::string& fewshot_delimiter) const;
  std::string written(std::vector<Turn> turns, const std::string& prefix) const;
  void ask(Question& question, const Row& row, const std::vector<Turn>& before);
  [[noreturn]] void refuse(const std::string& what) const;

  const TaskConfig& task_;
  ChatStyle style_;
  PythonRandom random_;
  std::unique_ptr<std::vector<Row>> documents_;  ///< Behind a pointer: a Prompter moves.
  std::unique_ptr<std::vector<Row>> pool_;
  std::unique_ptr<Fields> fields_;
  bool multiple_input_ = false, multiple_target_ = false;
  size_t next_ = 0;
};

}  // namespace hone::tasks
