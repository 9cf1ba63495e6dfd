#pragma once
/// One document's life as a page by itself: the story and the changes, one above or beside the other. Needs no network, runs no script.
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "recipe/report.h"
#include "report/story.h"

namespace hone::report {

/// `explained` is what corpus::explain() gives.
std::string document_html(const nlohmann::json& explained, const ShardPlace& place, recipe::Language language);

}  // namespace hone::report
