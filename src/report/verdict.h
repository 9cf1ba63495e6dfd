#pragma once
/// The verdict in plain words: for the head of the page, for the summary and for the last lines of `hone
/// run`.
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "report/words.h"

namespace hone::report {

struct VerdictWords {
  std::string word;      ///< PROMOTE, REJECT or INCONCLUSIVE: the same in every language, as tools see it.
  std::string style;     ///< In lower case, a class of the style sheet.
  std::string headline;  ///< What it means.
  std::vector<std::string> sentences;  ///< Why, and what to do.
};

VerdictWords verdict_words(const nlohmann::json& report, const Voice& voice);

/// True when no document was held out.
bool nothing_held_out(const nlohmann::json& report);
/// True when the verdict is INCONCLUSIVE for no other reason than that too few documents were held out, or
/// none.
bool too_few_documents(const nlohmann::json& report);

/// A gate's finding as a sentence: "It fell by 12.3 % (10.1 % to 14.2 %); a fall of at least 2 % was asked."
std::string gate_sentence(const nlohmann::json& gate, const Voice& voice);
/// What a gate asks for, without its outcome: "at least 2 % lower than base".
std::string gate_rule(const nlohmann::json& gate, const Voice& voice);
std::string outcome_word(const nlohmann::json& gate, const Voice& voice);

/// "Did it get better?" in one sentence, whatever the gates say.
std::string improvement_sentence(const nlohmann::json& report, const Voice& voice);

}  // namespace hone::report
