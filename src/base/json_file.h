#pragma once
/// JSON on disk: read with an error that names file and byte, written sorted and indented so that equal facts are equal bytes.
#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace hone::base {

/// Throws data: "cannot read …" or "FILE: not valid JSON at byte N: …". Depth is limited to 200 (hostile nesting).
nlohmann::json read_json(const std::filesystem::path& path, uint64_t max_bytes = UINT64_C(1) << 30);
nlohmann::json parse_json(std::string_view text, const std::string& where);

/// Keys sorted, two spaces, a final newline; invalid UTF-8 replaced.
std::string json_text(const nlohmann::json& value);

}  // namespace hone::base
