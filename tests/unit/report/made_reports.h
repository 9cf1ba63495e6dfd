#pragma once
/// The made-up reports of tests/fixtures/report.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "base/json_file.h"
#include "support/shared.h"

namespace hone::report {

inline nlohmann::json made_report(const std::string& name) {
  return base::read_json(test::source() / "tests" / "fixtures" / "report" / (name + ".json"));
}

}  // namespace hone::report
