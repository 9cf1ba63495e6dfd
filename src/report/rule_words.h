#pragma once
/// What rules do, in one sentence each, and what the machine words of ledger and statistics mean: kinds of edits, reasons for a
/// drop, reasons for which a file could not be read. Words that are not known here are shown as they are, without underscores.
#include <string>

#include "report/words.h"

namespace hone::report {

/// "Removes what many documents of a source share: …". For a rule not known here: that it is one of the recipe's own.
std::string rule_explanation(const std::string& rule, const Voice& voice);

std::string kind_name(const std::string& kind, const Voice& voice);
std::string reason_name(const std::string& reason, const Voice& voice);

/// What a reader's reason means, and what one can do about it.
std::string rejection_name(const std::string& reason, const Voice& voice);
std::string rejection_advice(const std::string& reason, const Voice& voice);

}  // namespace hone::report
