#pragma once
/// One task's or group's configuration out of its merged YAML (task_file.h): every key is either understood, known to change nothing
/// of a score, or refused by name.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tasks/harness/task_file.h"

namespace hone::tasks {

/// Throws usage naming file and key.
TaskConfig read_task(const nlohmann::ordered_json& config, const std::filesystem::path& file);
GroupConfig read_group(const nlohmann::ordered_json& config, const std::filesystem::path& file);
/// Whether a key belongs to the group itself; the others are handed down to its tasks.
bool is_group_key(const std::string& key);

}  // namespace hone::tasks
