#pragma once
/// A page with which an inspector checks a sample of documents by hand: one at a time, by buttons or keys, with what was redacted
/// marked. It opens without a network and sends nothing; its one script, allowed by digest, remembers answers in the browser and
/// saves them as a findings file. Without a script the documents can still be read, one below the other.
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "recipe/report.h"

namespace hone::report {

/// `sample` is what corpus::to_json(ReviewSample) gives.
std::string review_html(const nlohmann::json& sample, recipe::Language language);

}  // namespace hone::report
