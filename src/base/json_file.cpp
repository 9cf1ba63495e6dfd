#include "base/json_file.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/files.h"

namespace hone::base {

nlohmann::json parse_json(std::string_view text, const std::string& where) {
  constexpr int kMaxDepth = 200;
  const auto refuse_depth = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    if (depth > kMaxDepth) throw Error(ExitCode::data, where + ": JSON nested deeper than 200 levels is refused");
    return true;
  };
  try {
    return nlohmann::json::parse(text.begin(), text.end(), refuse_depth);
  } catch (const nlohmann::json::parse_error& problem) {
    throw Error(ExitCode::data, where + ": not valid JSON at byte " + std::to_string(problem.byte));
  }
}

nlohmann::json read_json(const std::filesystem::path& path, uint64_t max_bytes) {
  return parse_json(read_file(path, max_bytes), path.string());
}

std::string json_text(const nlohmann::json& value) {
  return value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace hone::base
