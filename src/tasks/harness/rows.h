#pragma once
/// The rows of a task's data: JSON Lines or a JSON array, read as the `datasets` library would give them. Every row has every column,
/// null where its line had none; a column that holds whole and broken numbers holds broken ones.
///
/// A file is looked for from the task file's folder, then the folder above it, then the current one.
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tasks/harness/task_file.h"

namespace hone::tasks {

using Row = nlohmann::ordered_json;  ///< An object.

struct TaskRows {
  std::map<std::string, std::vector<Row>> splits;
  std::vector<std::string> columns;  ///< Of the split that is evaluated.
};

/// Throws data with file and line for rows that cannot be read, usage when the task's data is not in local files.
TaskRows load_rows(const TaskConfig& task);

/// The split whose rows are scored: test, else validation.
const std::string& evaluated_split(const TaskConfig& task);

}  // namespace hone::tasks
