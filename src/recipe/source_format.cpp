#include "recipe/source_format.h"

namespace hone::recipe {

void describe(Binder& bind, ColumnOptions& options) {
  bind("messages", options.messages, "list of messages; by default messages, with sharegpt conversations").also({"conversations", "field_messages"});
  bind("role", options.role, "who speaks, in a message; by default role, with sharegpt from");
  bind("content", options.content, "what is said, in a message; by default content, with sharegpt value");
  bind("instruction", options.instruction, "alpaca: the task; by default instruction");
  bind("input", options.input, "alpaca: what the task is about; by default input");
  bind("output", options.output, "alpaca: the answer; by default output");
  bind("prompt", options.prompt, "prompt_completion and preference: the question; by default prompt");
  bind("completion", options.completion, "prompt_completion: the answer; by default completion");
  bind("chosen", options.chosen, "preference: the better answer; by default chosen");
  bind("rejected", options.rejected, "preference: the worse answer; by default rejected");
  bind("system", options.system, "a system message for each row; by default system");
}

}  // namespace hone::recipe
