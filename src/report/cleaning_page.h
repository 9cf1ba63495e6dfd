#pragma once
/// Sections of the cleaning report. Each reads cleaning.json and writes itself, or nothing when there is nothing for it.
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "report/page.h"

namespace hone::report {

void cleaning_summary(const Page& page);
void cleaning_funnel(const Page& page);
void cleaning_rules(const Page& page);
void cleaning_rejections(const Page& page);
void cleaning_shape(const Page& page);
void cleaning_terms(const Page& page);
void cleaning_privacy(const Page& page);
void cleaning_review(const Page& page);

std::string_view cleaning_style_sheet();

/// Documents that stay, of what stands at `pointer`: kept and edited.
double staying(const nlohmann::json& flow);

/// The sources by documents read, most first; at most `most` of them.
std::vector<std::pair<std::string, const nlohmann::json*>> largest_sources(const nlohmann::json& statistics, size_t most);

}  // namespace hone::report
