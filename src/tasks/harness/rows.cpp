#include "tasks/harness/rows.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/files.h"
#include "base/lines.h"

namespace hone::tasks {
namespace fs = std::filesystem;
namespace {

constexpr uint64_t kMaxFileBytes = UINT64_C(4) << 30;
constexpr size_t kMaxDepth = 100;

fs::path locate(const TaskConfig& task, const std::string& name) {
  const fs::path folder = task.file.parent_path();
  std::error_code ignored;
  for (const fs::path& root : {folder, folder / "..", fs::path(".")}) {
    const fs::path candidate = (root / name).lexically_normal();
    if (fs::is_regular_file(candidate, ignored)) return candidate;
  }
  throw Error(ExitCode::data, task.file.string() + ": dataset_kwargs.data_files names " + name +
                                  ", which is neither beside the task file, nor in the folder above it, nor in the current one");
}

Row parse(std::string_view text, const std::string& where) {
  const auto shallow = [](int depth, Row::parse_event_t, Row&) { return depth <= static_cast<int>(kMaxDepth); };
  Row row = Row::parse(text, shallow, false);
  if (row.is_discarded()) throw Error(ExitCode::data, where + ": this is not valid JSON; write one object a line");
  return row;
}

std::vector<Row> read_file(const fs::path& path) {
  const std::string extension = path.extension().string();
  if (extension == ".csv" || extension == ".tsv" || extension == ".parquet" || extension == ".arrow")
    throw Error(ExitCode::data, path.string() + ": rows of tasks are read from JSON Lines (.jsonl) or JSON; turn this file into one");
  const base::MappedFile file(path);
  if (file.size() > kMaxFileBytes) throw Error(ExitCode::data, path.string() + ": larger than 4 GiB; take a part of it");
  std::vector<Row> rows;
  std::string_view text = file.view();
  if (const size_t first = text.find_first_not_of(" \t\r\n"); first != std::string_view::npos && text[first] == '[') {
    for (Row& row : parse(text, path.string())) rows.push_back(std::move(row));
  } else {
    uint64_t line = 0;
    while (!text.empty()) {
      ++line;
      const size_t end = text.find('\n');
      const std::string_view one = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
      if (one.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      rows.push_back(parse(one, path.string() + ":" + std::to_string(line)));
    }
  }
  for (const Row& row : rows)
    if (!row.is_object()) throw Error(ExitCode::data, path.string() + ": a row is not an object but " + row.type_name());
  return rows;
}

/// What `datasets` makes of rows that do not agree: one list of columns, in the order of their first appearance.
std::vector<std::string> agree(std::vector<Row>& rows) {
  std::vector<std::string> columns;
  std::set<std::string> known, broken, whole;
  for (const Row& row : rows)
    for (const auto& [key, value] : row.items()) {
      if (known.insert(key).second) columns.push_back(key);
      if (value.is_number_float()) broken.insert(key);
      if (value.is_number_integer()) whole.insert(key);
    }
  for (Row& row : rows) {
    Row full = Row::object();
    for (const std::string& column : columns) {
      const auto found = row.find(column);
      Row value = found == row.end() ? Row(nullptr) : *found;
      if (value.is_number_integer() && broken.contains(column)) value = value.get<double>();
      full[column] = std::move(value);
    }
    row = std::move(full);
  }
  return columns;
}

}  // namespace

const std::string& evaluated_split(const TaskConfig& task) { return task.test_split.empty() ? task.validation_split : task.test_split; }

TaskRows load_rows(const TaskConfig& task) {
  if (task.data_files.empty())
    throw Error(ExitCode::usage,
                task.file.string() + ": dataset_path is " + (task.dataset_path.empty() ? "missing" : task.dataset_path) +
                    "; Hone opens no connection: save the rows as JSON Lines and name them, dataset_path: json with "
                    "dataset_kwargs: {data_files: {" + evaluated_split(task) + ": FILE.jsonl}}");
  TaskRows rows;
  for (const auto& [split, files] : task.data_files) {
    std::vector<Row>& all = rows.splits[split];
    for (const std::string& file : files)
      for (Row& row : read_file(locate(task, file))) all.push_back(std::move(row));
    std::vector<std::string> columns = agree(all);
    if (split == evaluated_split(task)) rows.columns = std::move(columns);
  }
  const auto found = rows.splits.find(evaluated_split(task));
  if (found == rows.splits.end() || found->second.empty())
    throw Error(ExitCode::data, task.file.string() + ": the split " + evaluated_split(task) + " has no rows; check dataset_kwargs.data_files");
  return rows;
}

}  // namespace hone::tasks
