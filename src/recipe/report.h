#pragma once
/// The `export`, `report` and `governance` sections: what leaves the run, in which forms, and what a signer needs to read.
#include <array>
#include <string>
#include <string_view>

#include "recipe/binder.h"

namespace hone::recipe {

enum class ExportDtype { float32, bfloat16, float16 };
constexpr std::array<std::string_view, 3> names_of(ExportDtype) { return {"float32", "bfloat16", "float16"}; }

struct ExportOptions {
  ExportDtype dtype = ExportDtype::bfloat16;  ///< Of the weights in the exported Hugging Face folder, merged if there is an adapter.
};

enum class Language { en, ko };
constexpr std::array<std::string_view, 2> names_of(Language) { return {"en", "ko"}; }

struct ReportOptions {
  Language language = Language::en;
};

/// Printed in the report as given, never invented.
struct GovernanceOptions {
  std::string purpose, not_for, owner, privacy_officer;
};

void describe(Binder& bind, ExportOptions& options);
void describe(Binder& bind, ReportOptions& options);
void describe(Binder& bind, GovernanceOptions& options);

}  // namespace hone::recipe
