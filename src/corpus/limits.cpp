#include "corpus/limits.h"

#include <algorithm>
#include <string>

namespace hone::corpus {

Limits& Limits::at_least(Attribute attribute, double bound) {
  limits_.push_back({attribute, bound, Side::below});
  return *this;
}

Limits& Limits::at_most(Attribute attribute, double bound) {
  limits_.push_back({attribute, bound, Side::above});
  return *this;
}

Limits& Limits::count_words(WordList words) {
  words_ = std::move(words);
  return *this;
}

Limits& Limits::count_lines_up_to(uint32_t characters) {
  short_line_ = characters;
  return *this;
}

double Limits::value(Measures& measures, Attribute attribute) const {
  if (attribute == Attribute::stop_words && words_) return static_cast<double>(words_->count(measures.census()));
  if (attribute == Attribute::short_line_share && short_line_) {
    const std::vector<uint32_t>& lengths = measures.lines().filled_lengths;
    const auto few = std::count_if(lengths.begin(), lengths.end(), [&](uint32_t length) { return length <= *short_line_; });
    return lengths.empty() ? 0 : static_cast<double>(few) / static_cast<double>(lengths.size());
  }
  return measures[attribute];
}

Outcome Limits::judge(Measures& measures) const {
  Outcome outcome;
  for (const Limit& limit : limits_) {
    const std::string_view name = info(limit.attribute).name;
    const double found = value(measures, limit.attribute);
    const bool is_new = std::none_of(outcome.findings.begin(), outcome.findings.end(), [&](const Finding& f) { return f.name == name; });
    if (is_new) outcome.findings.push_back({name, found});
    const bool beyond = limit.side == Side::below ? found < limit.bound : found > limit.bound;
    if (!beyond || outcome.verdict == Verdict::drop) continue;
    outcome.verdict = Verdict::drop;
    outcome.reason = std::string{name} + (limit.side == Side::below ? "_below" : "_above");
  }
  return outcome;
}

}  // namespace hone::corpus
