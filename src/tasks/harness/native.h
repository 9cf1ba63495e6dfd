#pragma once
/// The Python functions that well-known tasks name by `!function`, written natively: hellaswag, kobest, wikitext, winogrande, copa,
/// ifeval. A function is known by its task's name and its own; where its .py file lies beside the task file, it must be the very file
/// that was followed (lm_eval 0.4.13), so that a changed one is refused instead of scored another way.
#include <functional>
#include <string>
#include <vector>

#include "jinja/value.h"
#include "tasks/harness/rows.h"
#include "tasks/harness/task_file.h"

namespace hone::tasks {

/// One row to another, or to a field's value.
using RowFunction = std::function<Row(const Row&)>;

/// Throws usage naming task and function when it is not known.
RowFunction native_function(const TaskConfig& task, const FunctionName& name);

}  // namespace hone::tasks
