#pragma once
/// The life of one document in plain words: read from where, what each rule did and why, where it went.
/// Made of what corpus::explain() found and nothing else, so the story is the same next year. Personal data and secrets are not in
/// the ledger, so they cannot be in here.
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "report/words.h"

namespace hone::report {

enum class Tone { told, edited, flagged, dropped, placed };

struct Chapter {
  Tone tone = Tone::told;
  std::string rule;     ///< As recipes spell it; "read" and "split" for the first and the last, "silent" for rules without a word.
  std::string heading;  ///< For people.
  std::string text;     ///< One or two sentences.
  std::vector<std::string> details;
};

struct Story {
  std::string title;    ///< The document's id.
  bool stays = false;
  std::string ending;   ///< "stays, on the training side" · "dropped by near duplicates"
  std::vector<Chapter> chapters;
};

/// Where the document stands in the token shards; `known` is false when the run has none.
struct ShardPlace {
  bool known = false;
  std::string split;
  uint64_t document = 0, tokens = 0;
};

/// `explained` is what corpus::explain() gives.
Story tell(const nlohmann::json& explained, const ShardPlace& place, const Voice& voice);

}  // namespace hone::report
