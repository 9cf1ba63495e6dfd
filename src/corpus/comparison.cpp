#include "corpus/comparison.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <functional>
#include <optional>
#include <unordered_map>

#include "artifact/names.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/lines.h"

namespace hone::corpus {
namespace {

constexpr size_t kExamples = 5;

/// What a ledger says of one document.
struct Fate {
  bool stays = false;
  std::string id, source, rule, side;  ///< rule: what dropped it, or what edited it.
  uint64_t text = 0;                   ///< Of the result.
};

/// Calls `take` for each document of a ledger, in its order.
void read_ledger(const std::filesystem::path& file, const std::function<void(Fate&&)>& take) {
  base::LineReader lines(file);
  simdjson::dom::parser parser;
  Fate fate;
  while (const std::optional<std::string> line = lines.next()) {
    simdjson::dom::element entry;
    std::string_view id, action, rule, source, reason, sha, split;
    if (parser.parse(*line).get(entry) != simdjson::SUCCESS || entry["id"].get(id) != simdjson::SUCCESS ||
        entry["action"].get(action) != simdjson::SUCCESS || entry["rule"].get(rule) != simdjson::SUCCESS) {
      throw Error(ExitCode::data, fmt::format("{}:{}: not a line of a ledger; the file is damaged, run `hone clean` again", file.string(), lines.line_number()));
    }
    if (id != fate.id) {
      if (!fate.id.empty()) take(std::move(fate));
      fate = {};
      fate.id = id;
    }
    if (entry["source"].get(source) == simdjson::SUCCESS) fate.source = source;
    if (action == "drop") {
      fate.rule = entry["reason"].get(reason) == simdjson::SUCCESS ? fmt::format("{}/{}", rule, reason) : std::string{rule};
    } else if (action == "edit" && fate.rule.find(rule) == std::string::npos) {
      fate.rule += fmt::format("{}{}", fate.rule.empty() ? "" : "+", rule);
    } else if (rule == "split") {
      fate.stays = true;
      if (entry["sha"].get(sha) == simdjson::SUCCESS) fate.text = base::hash64(sha);
      if (entry["split"].get(split) == simdjson::SUCCESS) fate.side = split;
    }
  }
  if (!fate.id.empty()) take(std::move(fate));
}

struct Before {
  uint64_t text = 0;
  uint32_t rule = 0, source = 0;  ///< Into names.
  uint8_t side = 0;
  bool stays = false, seen = false;
};

/// Words that many documents share, as numbers.
class Names {
 public:
  uint32_t number(const std::string& name) {
    const auto [found, is_new] = numbers_.try_emplace(name, static_cast<uint32_t>(names_.size()));
    if (is_new) names_.push_back(name);
    return found->second;
  }
  const std::string& name(uint32_t number) const { return names_[number]; }

 private:
  std::unordered_map<std::string, uint32_t> numbers_;
  std::vector<std::string> names_;
};

void count(Change& change, const std::string& id, const std::string& rule, const std::string& source) {
  ++change.documents;
  if (!rule.empty()) ++change.rules[rule];
  ++change.sources[source];
  if (change.examples.size() < kExamples) change.examples.push_back({id, rule});
}

uint8_t side_number(const std::string& side) { return static_cast<uint8_t>(base::hash64(side)); }

}  // namespace

Comparison compare(const std::filesystem::path& before, const std::filesystem::path& after) {
  Comparison result;
  Names names;
  std::unordered_map<uint64_t, Before> known;
  read_ledger(before / artifact::kLedger, [&](Fate&& fate) {
    result.before += fate.stays;
    known[base::hash64(fate.id)] = {fate.text, names.number(fate.rule), names.number(fate.source), side_number(fate.side), fate.stays, false};
  });
  read_ledger(after / artifact::kLedger, [&](Fate&& fate) {
    result.after += fate.stays;
    const auto found = known.find(base::hash64(fate.id));
    if (found == known.end()) {
      if (fate.stays) count(result.arrive, fate.id, "", fate.source);
      return;
    }
    Before& was = found->second;
    was.seen = true;
    if (fate.stays && !was.stays) {
      count(result.return_, fate.id, names.name(was.rule), fate.source);
    } else if (!fate.stays && was.stays) {
      count(result.leave, fate.id, fate.rule, fate.source);
    } else if (fate.stays) {
      if (was.text != fate.text) {
        count(result.differ, fate.id, fate.rule, fate.source);
      } else {
        ++result.same;
      }
      if (was.side != side_number(fate.side)) count(result.move, fate.id, "", fate.source);
    }
  });
  // The ids of those that are gone stand only in the old ledger.
  read_ledger(before / artifact::kLedger, [&](Fate&& fate) {
    if (fate.stays && !known[base::hash64(fate.id)].seen) count(result.vanish, fate.id, "", fate.source);
  });
  return result;
}

}  // namespace hone::corpus
