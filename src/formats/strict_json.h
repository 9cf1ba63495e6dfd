#pragma once
/// JSON from files that may be hostile: a name written twice in one object is refused (readers disagree about
/// which one counts), as is nesting beyond `max_depth`. All errors are Error(data) that begin with `where`.
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace hone::formats {

nlohmann::json parse_strict_json(std::string_view text, const std::string& where, int max_depth);

}  // namespace hone::formats
