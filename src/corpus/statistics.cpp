#include "corpus/statistics.h"

#include <algorithm>

#include "corpus/examples.h"
#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

constexpr size_t kExamplesEach = 2;  // for each reason or kind of edit

template <typename Value>
void add_maps(std::map<std::string, Value>& to, const std::map<std::string, Value>& from) {
  for (const auto& [key, value] : from) to[key] += value;
}

void add_examples(Examples& to, const Examples& from) {
  for (const auto& [key, examples] : from) {
    std::vector<Example>& mine = to[key];
    for (const Example& example : examples)
      if (mine.size() < kExamplesEach) mine.push_back(example);
  }
}

/// What the spans of one rule removed and put in.
void count_spans(RuleTally& tally, const Draft& draft, uint16_t rule) {
  const TextMap& map = draft.map;
  for (const TextMap::Span& span : map.spans()) {
    if (span.rule != rule) continue;
    ++tally.spans;
    const auto kind = tally.kinds.try_emplace(std::string{span.kind}).first;
    ++kind->second;
    tally.characters_removed += count_code_points(map.original_of(span));
    tally.characters_inserted += count_code_points(map.replacement_of(span));
    std::vector<Example>& examples = tally.examples[kind->first];
    if (examples.size() < kExamplesEach && (examples.empty() || examples.back().id != draft.document.id))
      examples.push_back(example_of_edit(draft.document.id, map, span));
  }
}

}  // namespace

void Lengths::add(uint64_t characters) {
  ++counts[static_cast<size_t>(std::upper_bound(kBounds.begin(), kBounds.end(), characters) - kBounds.begin())];
}

Lengths& Lengths::operator+=(const Lengths& other) {
  for (size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
  return *this;
}

Flow& Flow::operator+=(const Flow& other) {
  read += other.read;
  kept += other.kept;
  edited += other.edited;
  dropped += other.dropped;
  rejected += other.rejected;
  return *this;
}

RuleTally& RuleTally::operator+=(const RuleTally& other) {
  dropped += other.dropped;
  edited += other.edited;
  flagged += other.flagged;
  spans += other.spans;
  characters_removed += other.characters_removed;
  characters_inserted += other.characters_inserted;
  add_maps(reasons, other.reasons);
  add_maps(kinds, other.kinds);
  add_maps(marks, other.marks);
  add_maps(sources, other.sources);
  add_examples(examples, other.examples);
  return *this;
}

void Tally::count(const Draft& draft, const std::vector<RuleName>& names, const Placement& placement) {
  rules.resize(names.size());
  const document::Document& document = draft.document;
  const uint64_t bytes = document.bytes, characters = count_code_points(draft.map.original());
  const bool changed = !draft.map.spans().empty();
  Flow flow;
  flow.read.add(bytes, characters);
  (draft.dropped() ? flow.dropped : changed ? flow.edited : flow.kept).add(bytes, characters);
  all += flow;
  sources[document.source] += flow;
  languages[draft.language.code] += flow;
  lengths_read.add(characters);
  if (!draft.dropped()) {
    const uint64_t after = changed ? count_code_points(draft.map.text()) : characters;
    splits[std::string{placement.split}].add(bytes, after);
    characters_after += after;
    lengths_after.add(after);
    licences[document.licence].add(bytes, after);
    access[document.access].add(bytes, after);
    if (document.licence.empty()) ++unlicenced[document.source];
  }
  for (const RuleLine& line : draft.lines) {
    RuleTally& tally = rules[line.rule];
    if (!draft.dropped() && (!line.flags.empty() || (line.verdict == Verdict::keep && !line.reason.empty()))) {
      tally.flagged.add(bytes, characters);
      for (const Flag& flag : line.flags) ++tally.marks[std::string{flag.kind}];
    }
    if (line.verdict == Verdict::keep) {
      if (!draft.dropped() && !line.reason.empty()) ++tally.reasons[line.reason];
    } else if (line.verdict == Verdict::drop) {
      tally.dropped.add(bytes, characters);
      tally.sources[document.source].dropped.add(bytes, characters);
      ++tally.reasons[line.reason];
      std::vector<Example>& examples = tally.examples[line.reason];
      if (examples.size() < kExamplesEach) examples.push_back(example_of_drop(document.id, draft.map.text(), names[line.rule].family));
    } else if (!draft.dropped()) {
      tally.edited.add(bytes, characters);
      tally.sources[document.source].edited.add(bytes, characters);
      count_spans(tally, draft, line.rule);
    }
  }
}

void Tally::count(const document::Rejection& rejection) {
  Flow flow;
  flow.read.add(rejection.bytes, 0);
  flow.rejected.add(rejection.bytes, 0);
  all += flow;
  sources[rejection.source] += flow;
  rejections[rejection.reason].add(rejection.bytes, 0);
  std::vector<Example>& examples = rejected[rejection.reason];
  if (examples.size() < kExamplesEach) examples.push_back(example_of_rejection(rejection));
}

Tally& Tally::operator+=(const Tally& other) {
  all += other.all;
  add_maps(sources, other.sources);
  add_maps(languages, other.languages);
  add_maps(splits, other.splits);
  add_maps(rejections, other.rejections);
  add_examples(rejected, other.rejected);
  add_maps(unlicenced, other.unlicenced);
  add_maps(licences, other.licences);
  add_maps(access, other.access);
  lengths_read += other.lengths_read;
  lengths_after += other.lengths_after;
  characters_after += other.characters_after;
  rules.resize(std::max(rules.size(), other.rules.size()));
  for (size_t i = 0; i < other.rules.size(); ++i) rules[i] += other.rules[i];
  return *this;
}

}  // namespace hone::corpus
