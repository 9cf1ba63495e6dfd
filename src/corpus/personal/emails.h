#pragma once
/// Mail addresses that are spelt out so that programs do not see them: "hong (at) example dot com", "hong 골뱅이 example.com".
/// Plain ones: detectors.h.
#include <string_view>
#include <vector>

#include "corpus/personal/kind.h"

namespace hone::corpus::personal {

/// Appends what it finds, in order. Looks for a few words first and costs next to nothing where there are none.
void find_spelt_emails(std::string_view text, std::vector<Match>& matches);

}  // namespace hone::corpus::personal
