#pragma once
/// Names of people and postal addresses, by lists and by the words around. Far less certain than numbers, so off unless asked for.
///
/// A Korean name is a family name of the list and one or two syllables, with a title behind it (씨, 님, 과장 …) or a label before it
/// (담당자, 예금주, 성명 …). An English one follows Mr/Ms/Dr, or a label. A Korean address goes from province or city to a road and
/// number or a lot; an American one is a number, a street with its type, and what follows up to the ZIP code.
#include <string_view>
#include <vector>

#include "corpus/personal/kind.h"

namespace hone::corpus::personal {

void find_names(std::string_view text, std::vector<Match>& matches);
void find_addresses(std::string_view text, std::vector<Match>& matches);

}  // namespace hone::corpus::personal
