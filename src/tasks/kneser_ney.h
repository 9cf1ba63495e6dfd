#pragma once
/// An interpolated modified Kneser–Ney 5-gram over token ids: what counting alone makes of the training text.
/// A model that does not beat it has learnt little, however much better it is than its own random start.
///
///   p(w | h) = max(a(hw) - D(a(hw)), 0) / Σ_v a(hv)  +  γ(h) · p(w | h′)         h′ = h without its first
///   token γ(h)     = (D1·N1(h) + D2·N2(h) + D3·N3+(h)) / Σ_v a(hv)                     p at the bottom = 1 /
///   vocabulary a(g)     = how often g occurs, for 5-grams and for n-grams at the start of a document;
///              how many different tokens stand before g, for the others
/// D1, D2, D3+ per order from counts of counts (Chen & Goodman 1999, equation 26), or ½, 1, 1½ where the text
/// is too small to give valid ones (as KenLM's --discount_fallback). Invariant: for every history the
/// probabilities sum to 1.
#include <array>
#include <cstdint>
#include <memory>
#include <span>

namespace hone::tasks {

class KneserNey {
 public:
  static constexpr int kOrder = 5;

  struct Discounts {
    double one = 0.5, two = 1.0, more = 1.5;
    bool estimated = false;  ///< False: the fallback.
  };

  /// Ids must lie in [0, vocabulary_size).
  explicit KneserNey(int64_t vocabulary_size);
  ~KneserNey();
  KneserNey(KneserNey&&) noexcept;
  KneserNey& operator=(KneserNey&&) noexcept;

  /// Counts one document: the ids to be predicted, in order, with its end mark and without its begin mark
  /// (the start of a document is known to the model by itself). About 35 bytes of memory for each different
  /// n-gram. Throws data for an id out of range.
  void add(std::span<const int32_t> document);

  /// Call once, after the last add and before the first question.
  void finish();

  /// Σ ln p over the ids of one document, in nats; never -infinity.
  double log_probability(std::span<const int32_t> document) const;

  /// p(next | history); only the last four ids of the history matter. `from_start`: the history is all of a
  /// document so far.
  double probability(std::span<const int32_t> history, int32_t next, bool from_start) const;

  int64_t tokens() const;                       ///< Counted so far.
  int64_t ngrams(int order) const;              ///< Different n-grams of this order, 1…5.
  const Discounts& discounts(int order) const;  ///< After finish.

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hone::tasks
