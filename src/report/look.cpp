#include "report/look.h"

#include <limits>

namespace hone::report {

using nlohmann::json;

const json& look(const json& report, const std::string& pointer) {
  static const json kNull;
  const json::json_pointer path(pointer);
  return report.contains(path) ? report.at(path) : kNull;
}

double number(const json& report, const std::string& pointer) {
  const json& value = look(report, pointer);
  return value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
}

std::string words(const json& report, const std::string& pointer) {
  const json& value = look(report, pointer);
  return value.is_string() ? value.get<std::string>() : std::string();
}

bool truth(const json& report, const std::string& pointer) {
  const json& value = look(report, pointer);
  return value.is_boolean() && value.get<bool>();
}

}  // namespace hone::report
