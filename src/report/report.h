#pragma once
/// The report: report.json is put together from what the stages left behind, and everything a reader sees is
/// made of it alone.
///
///   artefacts (JSON) ──build_report_json──▶ report.json ──▶ report.html, junit.xml, summary.md, closing
///   lines
/// The shape of report.json is docs/report.schema.json. Facts stand under "facts" and are equal for equal
/// inputs; what depends on the day and the machine stands under "measured". Nothing is read but the files
/// named in ReportInputs, and no document text beyond the sample continuations gets in.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "artifact/names.h"
#include "base/error.h"
#include "recipe/recipe.h"

namespace hone::report {

struct ReportInputs {
  artifact::RunDirectory run;
  const recipe::Recipe* recipe = nullptr;  ///< Borrowed; resolved.
  std::filesystem::path
      base_folder;      ///< Base model's folder; empty when training started from random weights.
  std::string version;  ///< Of Hone, as `hone --version` says.
};

/// Reads the committed artefacts of a run. What a run does not have (no export, say) is left out; throws data
/// when the evaluation is missing, since there is nothing to report without it.
nlohmann::json build_report_json(const ReportInputs& inputs);

/// Writes report.json, report.html, junit.xml and summary.md into `directory`, which exists. Equal JSON gives
/// equal bytes.
void write_report(const std::filesystem::path& directory, const nlohmann::json& report,
                  recipe::Language language);

/// Each form by itself, for previews and tests.
std::string report_html(const nlohmann::json& report, recipe::Language language);
std::string report_junit(const nlohmann::json& report);
std::string report_summary(const nlohmann::json& report, recipe::Language language);

/// 0, 10 or 11, as the gates decided. Throws data when the report has no verdict.
ExitCode exit_code_of(const nlohmann::json& report);

/// The last words of `hone run`: what came out, whether it got better, where the report is. Plain text
/// without colours, one line each.
std::vector<std::string> closing_lines(const nlohmann::json& report, const artifact::RunDirectory& run);

}  // namespace hone::report
