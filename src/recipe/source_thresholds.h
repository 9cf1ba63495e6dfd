#pragma once
/// Options of rules that hold for the documents of one source alone.
///
/// Written under the source as a mapping, `thresholds: {quality: {min_characters: 20}}`, or as a list in the form of --set,
/// `thresholds: [quality.min_characters=20]`; kept as that list. What is not written stays as the corpus section says.
/// Documents are matched by the name of their source, so that such a source must have one.
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/binder.h"
#include "recipe/corpus.h"

namespace hone::recipe {

/// Sections of `corpus` that a source may have its own options of.
constexpr std::array<std::string_view, 5> kThresholdSections = {"quality", "gopher_quality", "gopher_repetition", "c4", "fineweb"};

void describe_thresholds(Binder& bind, std::vector<std::string>& thresholds);

/// What is wrong with one entry such as "quality.min_characters=20", or nothing.
std::optional<std::string> wrong_threshold(const std::string& threshold);

/// The corpus section as it holds for one source. Throws usage for what wrong_threshold() complains about.
CorpusOptions options_for(const SourceOptions& source, const CorpusOptions& corpus);

}  // namespace hone::recipe
