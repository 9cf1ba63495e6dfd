#pragma once
/// How often the corpus has to be gone through, and what happens to a document each time.
///
/// A corpus rule observes in one pass and judges in the next. A pass ends before a document rule that would change text which a
/// waiting rule still has to read, and before any rule that would have to see what a waiting rule is going to change. A corpus
/// rule that changes text observes beside others that wait: it changes nothing before all of them have settled and those in
/// front of it have judged.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "corpus/draft.h"
#include "corpus/rule.h"

namespace hone::corpus {

struct Step {
  uint16_t rule = 0;
  bool observe = false;  ///< A corpus rule looks; else a document rule judges.
};

struct Pass {
  std::vector<uint16_t> settled;  ///< Corpus rules that observed in the pass before and now judge.
  std::vector<Step> steps;
  std::vector<uint16_t> waiting() const;  ///< Those that have observed when the pass ends.
};

/// At least two passes: what the split needs to know is known after the first. The last has nothing waiting.
std::vector<Pass> plan_passes(const std::vector<std::unique_ptr<Rule>>& rules);

struct Observation {
  uint16_t rule = 0;
  std::string bytes;
};

/// Takes one document through one pass. Any number of threads.
std::vector<Observation> go_through(const Pass& pass, const std::vector<std::unique_ptr<Rule>>& rules, Draft& draft);

}  // namespace hone::corpus
