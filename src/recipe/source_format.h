#pragma once
/// What the rows of a source are: running text, or samples of instruction data, and which columns hold what.
///
///   messages            {"messages": [{"role": "user", "content": …}, …]}                      OpenAI, transformers
///   sharegpt            {"conversations": [{"from": "human", "value": …}, …]}                  ShareGPT, LLaMA-Factory
///   alpaca              {"instruction": …, "input": …, "output": …, "system": …}               Stanford Alpaca
///   prompt_completion   {"prompt": …, "completion": …}: text or lists of messages              TRL
///   preference          {"prompt": …, "chosen": …, "rejected": …}: text or lists of messages   TRL, for training.objective dpo
#include <array>
#include <string>
#include <string_view>

#include "recipe/binder.h"

namespace hone::recipe {

enum class SourceFormat { text, messages, prompt_completion, alpaca, sharegpt, preference };
constexpr std::array<std::string_view, 6> names_of(SourceFormat) {
  return {"text", "messages", "prompt_completion", "alpaca", "sharegpt", "preference"};
}

/// Names of JSON fields or CSV columns; empty: the usual one of the format (above). Dots lead into objects.
struct ColumnOptions {
  std::string messages, role, content;     ///< messages and sharegpt: the list, and in each of its items who speaks and what.
  std::string instruction, input, output;  ///< alpaca
  std::string prompt, completion;          ///< prompt_completion; preference takes prompt.
  std::string chosen, rejected;            ///< preference
  std::string system;                      ///< Any format: a column with a system message.
};

void describe(Binder& bind, ColumnOptions& options);

}  // namespace hone::recipe
