#include "formats/strict_json.h"

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "base/error.h"

namespace hone::formats {

using nlohmann::json;

json parse_strict_json(std::string_view text, const std::string& where, int max_depth) {
  std::vector<std::set<std::string>> names;  // of the objects that are open
  const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth > max_depth)
      throw Error(ExitCode::data,
                  where + ": JSON nested deeper than " + std::to_string(max_depth) + " levels is refused");
    if (event == json::parse_event_t::object_start) names.emplace_back();
    if (event == json::parse_event_t::object_end) names.pop_back();
    if (event == json::parse_event_t::key && !names.back().insert(parsed.get<std::string>()).second)
      throw Error(ExitCode::data,
                  where + ": the name \"" + parsed.get<std::string>() + "\" appears twice in one object");
    return true;
  };
  try {
    return json::parse(text.begin(), text.end(), watch);
  } catch (const json::parse_error& problem) {
    throw Error(ExitCode::data, where + ": not valid JSON at byte " + std::to_string(problem.byte));
  } catch (const json::exception& problem) {
    throw Error(ExitCode::data, where + ": JSON that cannot be read: " + problem.what());
  }
}

}  // namespace hone::formats
