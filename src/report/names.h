#pragma once
/// What machines call things, in words: rules and reasons of the ledger, languages, figures. What is not
/// known here is shown as it is spelled.
#include <string>

#include "report/words.h"

namespace hone::report {

/// "near_duplicates" → "near duplicates" · "거의 같은 문서"; "reader: damaged" → "damaged file" · "손상된
/// 파일".
std::string rule_name(const std::string& rule, const Voice& voice);

/// "ko" → "Korean" · "한국어"; "und" and "" → "unknown language".
std::string language_name(const std::string& code, const Voice& voice);

/// "domain/language=ko/bits_per_byte" → "Bits per byte, Korean".
std::string metric_name(const std::string& metric, const Voice& voice);

}  // namespace hone::report
