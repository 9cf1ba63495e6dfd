#pragma once
/// Evaluation items as texts: what decontamination looks for.
///
/// A JSON object, one a line or in one array, gives its strings by the names of their keys: `question`, `prompt`, `ctx`, `text` and
/// the like are the stem; `choices`, `endings`, `answer` and all other strings beside it are sides; `id`, `subject`, `source` and the like
/// are no text. Lists and nested objects count under the nearest key, as in lm-eval's samples. Any other line is an item by itself.
#include <filesystem>
#include <string>
#include <vector>

namespace hone::corpus {

struct EvalItem {
  std::string id;    ///< As given, else "FILE:LINE".
  std::string stem;  ///< What must not be learnt: the question.
  std::vector<std::string> sides;
};

/// Adds the items of one file, plain or compressed. Throws data when a line that begins like an object is no JSON.
void read_eval_items(const std::filesystem::path& file, std::vector<EvalItem>& items);

}  // namespace hone::corpus
