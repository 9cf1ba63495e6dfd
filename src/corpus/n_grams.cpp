#include "corpus/n_grams.h"

#include <algorithm>
#include <bit>

namespace hone::corpus {
namespace {

constexpr uint64_t kMultiplier = UINT64_C(0x9E3779B97F4A7C15);
constexpr size_t kFirstTop = 2, kLastTop = 4, kFirstDuplicate = 5, kLastDuplicate = 10;

constexpr uint64_t joined(uint64_t hash, uint64_t word) {
  hash = (std::rotl(hash, 23) ^ word) * kMultiplier;
  return hash ^ hash >> 29;
}

/// How often each hash occurs, and whether the walk from left to right has met it.
class Counts {
 public:
  struct Slot {
    uint64_t hash = 0;
    uint32_t count = 0;
    bool met = false;
  };

  void reset(size_t expected) {
    slots_.assign(std::bit_ceil(std::max<size_t>(16, expected * 2)), {});
    shift_ = 64 - std::countr_zero(slots_.size());
  }

  /// Number of the slot that counts this hash.
  uint32_t add(uint64_t hash) {
    size_t at = (hash * kMultiplier) >> shift_;
    while (slots_[at].count != 0 && slots_[at].hash != hash) at = at + 1 == slots_.size() ? 0 : at + 1;
    slots_[at].hash = hash;
    ++slots_[at].count;
    return static_cast<uint32_t>(at);
  }

  Slot& operator[](uint32_t slot) { return slots_[slot]; }

 private:
  std::vector<Slot> slots_;
  int shift_ = 60;
};

/// A run of words that may occur more than once.
struct Run {
  uint64_t hash = 0;
  uint32_t begin = 0;  ///< Its first word.
  uint32_t slot = 0;
};

class NGramCounter {
 public:
  explicit NGramCounter(const std::vector<CensusWord>& words) : words_(words) {
    before_.assign(1, 0);
    for (const CensusWord& word : words) before_.push_back(before_.back() + word.characters);
  }

  NGramCounts run() {
    NGramCounts result;
    for (size_t n = kFirstTop; n <= kLastDuplicate && n <= words_.size(); ++n) {
      if (n == kFirstTop) start();
      else lengthen(n);
      count();
      if (n <= kLastTop) result.top[n - kFirstTop] = top(n);
      keep_repeated();
      if (n >= kFirstDuplicate) result.duplicates[n - kFirstDuplicate] = duplicates(n);
      if (runs_.empty() && n >= kLastTop) break;  // longer runs cannot occur again either
    }
    return result;
  }

 private:
  uint64_t characters(size_t begin, size_t n) const { return before_[begin + n] - before_[begin]; }

  void start() {
    runs_.clear();
    for (uint32_t i = 0; i + kFirstTop <= words_.size(); ++i) runs_.push_back({joined(words_[i].hash, words_[i + 1].hash), i, 0});
  }

  /// From runs of n-1 words that occur again to runs of n whose two parts do.
  void lengthen(size_t n) {
    size_t kept = 0;
    for (size_t k = 0; k + 1 < runs_.size(); ++k) {
      const Run& run = runs_[k];
      if (runs_[k + 1].begin != run.begin + 1) continue;
      runs_[kept++] = {joined(run.hash, words_[run.begin + n - 1].hash), run.begin, 0};
    }
    runs_.resize(kept);
  }

  void count() {
    counts_.reset(runs_.size());
    for (Run& run : runs_) run.slot = counts_.add(run.hash);
  }

  uint64_t top(size_t n) {
    const Run* commonest = nullptr;
    uint32_t most = 1;
    for (const Run& run : runs_) {
      if (counts_[run.slot].count <= most) continue;
      most = counts_[run.slot].count;
      commonest = &run;
    }
    return most * (characters(commonest == nullptr ? 0 : commonest->begin, n) + n - 1);
  }

  void keep_repeated() {
    std::erase_if(runs_, [&](const Run& run) { return counts_[run.slot].count < 2; });
  }

  uint64_t duplicates(size_t n) {
    uint64_t sum = 0;
    size_t next = 0;
    for (const Run& run : runs_) {
      if (run.begin < next) continue;
      if (counts_[run.slot].met) {
        sum += characters(run.begin, n);
        next = run.begin + n;
      }
      counts_[run.slot].met = true;
    }
    return sum;
  }

  const std::vector<CensusWord>& words_;
  std::vector<uint64_t>& before_ = scratch_before();  ///< Characters of the words before each.
  std::vector<Run>& runs_ = scratch_runs();           ///< In order of the text.
  Counts& counts_ = scratch_counts();

  static std::vector<uint64_t>& scratch_before() {
    thread_local std::vector<uint64_t> scratch;
    return scratch;
  }
  static std::vector<Run>& scratch_runs() {
    thread_local std::vector<Run> scratch;
    return scratch;
  }
  static Counts& scratch_counts() {
    thread_local Counts scratch;
    return scratch;
  }
};

}  // namespace

NGramCounts count_n_grams(const std::vector<CensusWord>& words) { return NGramCounter(words).run(); }

}  // namespace hone::corpus
