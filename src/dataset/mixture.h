#pragma once
/// How often each document is read in an epoch, from training.mixture: a pure function of (seed, epoch).
///
/// The units (cut.h) of a source, shuffled once by the seed, are a deck of t trained tokens that starts over when
/// it is through. Epoch e takes what begins in [W(e)·t, W(e+1)·t), W(e) = the sum of the weights of the epochs
/// before e. So weight 1 is every document once, weight 0.5 one half and in the next epoch the other, and after
/// any number of epochs no document was read more than once oftener than another of its source.
///
/// `share` is turned into a weight. With shares s_i and the other sources bringing F = Σ weight · t trained tokens,
/// the epoch has F / (1 - Σ s) of them and weight_i = s_i / (1 - Σ s) · F / t_i. Where every source of an epoch
/// has a share, the epoch has as many tokens as those sources and shares count by their ratio.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dataset/cut.h"
#include "recipe/mixture.h"

namespace hone::dataset {

class Mixture {
 public:
  /// Throws data when it names a source without documents, or gives a share to one of which nothing is trained;
  /// usage when shares of an epoch leave nothing for the other sources.
  Mixture(const Cut& cut, const std::vector<recipe::MixtureOptions>& options, uint64_t seed, int64_t epochs);

  /// Every epoch reads the same documents equally often.
  bool constant() const { return constant_; }
  /// By unit; empty: each once.
  std::vector<uint32_t> readings(int64_t epoch) const;
  /// By place in Cut::sources().
  std::vector<double> weights(int64_t epoch) const;

 private:
  struct Deck {
    std::vector<uint64_t> units;   ///< In shuffled order, those with something to train.
    std::vector<uint64_t> begins;  ///< Trained tokens before each.
    std::vector<uint64_t> idle;    ///< Units with nothing to train.
    uint64_t trained = 0;
  };
  void deal(const Cut& cut, uint64_t seed);
  uint64_t bound(size_t source, int64_t epoch) const;

  uint64_t units_;
  std::vector<std::optional<recipe::MixtureOptions>> options_;  ///< By place in Cut::sources().
  std::vector<Deck> decks_;                                     ///< Empty when every document is read once.
  std::vector<uint64_t> trained_;                               ///< Of each source.
  std::vector<int64_t> changes_;                                ///< Epochs in which a source is no longer read, ascending.
  bool constant_ = true;
};

}  // namespace hone::dataset
