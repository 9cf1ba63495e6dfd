#pragma once
/// Rules and reasons of the ledger in words; what is not known here is shown as the ledger spells it.
#include <string>

#include "report/words.h"

namespace hone::report {

/// "near_duplicates" → "near duplicates" · "거의 같은 문서"; "reader: damaged" → "damaged file" · "손상된
/// 파일".
std::string rule_name(const std::string& rule, const Voice& voice);

}  // namespace hone::report
