#pragma once
/// Looking into report.json without tripping over what is not there: an older run, a stage that was left out.
#include <nlohmann/json.hpp>
#include <string>

namespace hone::report {

/// The value at a JSON pointer ("/facts/evaluation/context"), or null.
const nlohmann::json& look(const nlohmann::json& report, const std::string& pointer);

/// NaN when it is not a number (null stands for infinity, too).
double number(const nlohmann::json& report, const std::string& pointer);
/// Empty when it is not a string.
std::string words(const nlohmann::json& report, const std::string& pointer);
bool truth(const nlohmann::json& report, const std::string& pointer);

}  // namespace hone::report
