#pragma once
/// The `export`, `report` and `governance` sections: what leaves the run, in which forms, and what a signer needs to read.
#include <array>
#include <string>
#include <string_view>

#include "recipe/binder.h"
#include "recipe/model.h"

namespace hone::recipe {

struct ExportOptions {
  ModelDtype dtype = ModelDtype::bfloat16;  ///< Of the weights in the exported Hugging Face folder.
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
