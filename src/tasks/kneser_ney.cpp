#include "tasks/kneser_ney.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/error.h"
#include "tasks/ngram_table.h"

namespace hone::tasks {

namespace {

/// What the n-grams that share a history add up to.
struct History {
  uint32_t total = 0;                   ///< Σ_v a(hv)
  uint32_t one = 0, two = 0, more = 0;  ///< Different v with a(hv) = 1, 2, ≥ 3.
};

double discount(const KneserNey::Discounts& discounts, uint32_t count) {
  if (count == 0) return 0;
  return count == 1 ? discounts.one : count == 2 ? discounts.two : discounts.more;
}

KneserNey::Discounts estimate(const std::array<uint64_t, 5>& with_count) {
  const auto n = [&](int count) { return static_cast<double>(with_count[static_cast<size_t>(count)]); };
  KneserNey::Discounts result;
  if (n(1) == 0 || n(2) == 0 || n(3) == 0 || n(4) == 0) return result;
  const double y = n(1) / (n(1) + 2 * n(2));
  const double one = 1 - 2 * y * n(2) / n(1), two = 2 - 3 * y * n(3) / n(2), more = 3 - 4 * y * n(4) / n(3);
  // A discount of zero would leave nothing for what was never seen.
  if (one <= 0 || two <= 0 || more <= 0 || one > 1 || two > 2 || more > 3) return result;
  return {one, two, more, true};
}

/// Numbers of the last 0, 1, … 4 tokens in the tables of their orders. Once one is absent, so are all longer
/// ones.
using Context = std::array<uint32_t, KneserNey::kOrder>;

constexpr Context no_context() {
  Context context;
  context.fill(NgramTable::kAbsent);
  context[0] = 0;
  return context;
}

}  // namespace

struct KneserNey::State {
  // Index = order; tables[0] is unused, histories[0] is the empty history.
  std::array<NgramTable, kOrder + 1> tables;
  std::array<std::vector<uint32_t>, kOrder + 1> counts;  ///< a(g) by number.
  std::array<std::vector<History>, kOrder> histories;
  std::array<Discounts, kOrder + 1> discounts;
  int64_t vocabulary_size = 0;
  int64_t tokens = 0;
  uint32_t start = 0;  ///< The token before every document: one past the vocabulary, never predicted.
  bool finished = false;

  uint32_t checked(int32_t id) const {
    if (id < 0 || id >= vocabulary_size)
      throw Error(ExitCode::data, "token id " + std::to_string(id) + " is outside the vocabulary of " +
                                      std::to_string(vocabulary_size) +
                                      "; the token shards and the tokenizer do not match");
    return static_cast<uint32_t>(id);
  }

  NgramTable::Place insert(int order, uint32_t prefix, uint32_t token) {
    const auto place = tables[static_cast<size_t>(order)].insert(NgramTable::key(prefix, token));
    if (place.added) counts[static_cast<size_t>(order)].push_back(0);
    return place;
  }

  Context advanced(const Context& context, uint32_t token) const {
    Context next = no_context();
    for (size_t order = 1; order < kOrder; ++order) {
      if (context[order - 1] == NgramTable::kAbsent) break;
      next[order] = tables[order].find(NgramTable::key(context[order - 1], token));
      if (next[order] == NgramTable::kAbsent) break;
    }
    return next;
  }

  double probability(const Context& context, uint32_t token) const {
    double p = 1.0 / static_cast<double>(vocabulary_size);
    for (size_t order = 1; order <= kOrder; ++order) {
      if (context[order - 1] == NgramTable::kAbsent) break;
      const History& history = histories[order - 1][context[order - 1]];
      if (history.total == 0) continue;  // seen only at the end of a document
      const uint32_t number = tables[order].find(NgramTable::key(context[order - 1], token));
      const uint32_t count = number == NgramTable::kAbsent ? 0 : counts[order][number];
      const Discounts& d = discounts[order];
      const double left_over = d.one * history.one + d.two * history.two + d.more * history.more;
      p = (std::max(count - discount(d, count), 0.0) + left_over * p) / history.total;
    }
    return p;
  }
};

KneserNey::KneserNey(int64_t vocabulary_size) : state_(std::make_unique<State>()) {
  HONE_ASSERT(vocabulary_size > 0 && vocabulary_size < std::numeric_limits<int32_t>::max());
  state_->vocabulary_size = vocabulary_size;
  state_->start = static_cast<uint32_t>(vocabulary_size);
}

KneserNey::~KneserNey() = default;
KneserNey::KneserNey(KneserNey&&) noexcept = default;
KneserNey& KneserNey::operator=(KneserNey&&) noexcept = default;

void KneserNey::add(std::span<const int32_t> document) {
  State& state = *state_;
  HONE_ASSERT(!state.finished);
  if (static_cast<uint64_t>(state.tokens) + document.size() >= NgramTable::kAbsent)
    throw Error(ExitCode::storage, "an n-gram model cannot count more than 4,294,967,294 tokens");
  Context context = no_context();
  context[1] = state.insert(1, 0, state.start).number;
  size_t known = 1;       // tokens of context that there are
  size_t from_start = 2;  // order of the n-gram that begins with the start
  for (const int32_t id : document) {
    const uint32_t token = state.checked(id);
    Context next = no_context();
    for (size_t order = 1; order <= std::min<size_t>(known + 1, kOrder); ++order) {
      const auto place = state.insert(static_cast<int>(order), context[order - 1], token);
      if (order < kOrder) next[order] = place.number;
      if (order == kOrder || order == from_start) ++state.counts[order][place.number];
      // A new n-gram is a new left neighbour for the n-gram without its first token.
      if (place.added && order > 1) ++state.counts[order - 1][next[order - 1]];
    }
    context = next;
    known = std::min<size_t>(known + 1, kOrder - 1);
    ++from_start;
  }
  state.tokens += static_cast<int64_t>(document.size());
}

void KneserNey::finish() {
  State& state = *state_;
  HONE_ASSERT(!state.finished);
  state.histories[0].resize(1);
  for (size_t order = 1; order < kOrder; ++order) state.histories[order].resize(state.tables[order].size());
  for (size_t order = 1; order <= kOrder; ++order) {
    std::array<uint64_t, 5> with_count{};
    for (const uint32_t count : state.counts[order])
      if (count < with_count.size()) ++with_count[count];
    state.discounts[order] = estimate(with_count);
    state.tables[order].for_each([&](uint64_t key, uint32_t number) {
      const uint32_t count = state.counts[order][number];
      if (count == 0) return;  // the start of a document, which nothing predicts
      History& history = state.histories[order - 1][NgramTable::prefix(key)];
      history.total += count;
      ++(count == 1 ? history.one : count == 2 ? history.two : history.more);
    });
  }
  state.finished = true;
}

double KneserNey::log_probability(std::span<const int32_t> document) const {
  const State& state = *state_;
  HONE_ASSERT(state.finished);
  Context context = state.advanced(no_context(), state.start);
  double sum = 0;
  for (const int32_t id : document) {
    const uint32_t token = state.checked(id);
    sum += std::log(state.probability(context, token));
    context = state.advanced(context, token);
  }
  return sum;
}

double KneserNey::probability(std::span<const int32_t> history, int32_t next, bool from_start) const {
  const State& state = *state_;
  HONE_ASSERT(state.finished);
  Context context = no_context();
  if (from_start) context = state.advanced(context, state.start);
  for (const int32_t id : history) context = state.advanced(context, state.checked(id));
  return state.probability(context, state.checked(next));
}

int64_t KneserNey::tokens() const { return state_->tokens; }

int64_t KneserNey::ngrams(int order) const {
  HONE_ASSERT(order >= 1 && order <= kOrder);
  return state_->tables[static_cast<size_t>(order)].size();
}

const KneserNey::Discounts& KneserNey::discounts(int order) const {
  HONE_ASSERT(order >= 1 && order <= kOrder);
  return state_->discounts[static_cast<size_t>(order)];
}

}  // namespace hone::tasks
