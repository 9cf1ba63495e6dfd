#pragma once
/// Hone's own version, as programs, reports and artefacts name it.

namespace hone::base {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace hone::base
