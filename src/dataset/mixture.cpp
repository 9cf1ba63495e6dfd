#include "dataset/mixture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/nearest.h"
#include "base/random.h"
#include "dataset/mixture_weights.h"

namespace hone::dataset {
namespace {

using recipe::MixtureOptions;

/// Of the places s, s + t, s + 2t … how many are below x.
uint64_t places_below(uint64_t x, uint64_t s, uint64_t t) { return x > s ? (x - s - 1) / t + 1 : 0; }

[[noreturn]] void no_such_source(const std::string& name, const std::vector<std::string>& sources) {
  const auto near = base::nearest(name, sources);
  std::string there;
  for (size_t i = 0; i < std::min<size_t>(sources.size(), 10); ++i) there += (i == 0 ? "" : ", ") + sources[i];
  throw Error(ExitCode::data, fmt::format("training.mixture names the source {}, of which there is no document to train on{}; there are {}", name,
                                          near ? "; did you mean " + *near + "?" : "", there.empty() ? "none" : there));
}

}  // namespace

Mixture::Mixture(const Cut& cut, const std::vector<MixtureOptions>& options, uint64_t seed, int64_t epochs)
    : units_(cut.units()), options_(cut.sources().size()), trained_(cut.sources().size()) {
  bool plain = true;
  for (const MixtureOptions& option : options) {
    const auto place = std::find(cut.sources().begin(), cut.sources().end(), option.source);
    if (place == cut.sources().end()) no_such_source(option.source, cut.sources());
    options_[static_cast<size_t>(place - cut.sources().begin())] = option;
    if (option.epochs) changes_.push_back(*option.epochs);
    const bool whole = !option.share && option.weight == std::floor(option.weight);
    plain = plain && whole && option.weight == 1 && (!option.epochs || *option.epochs >= epochs);
    constant_ = constant_ && whole && (!option.epochs || *option.epochs >= epochs);
  }
  std::sort(changes_.begin(), changes_.end());
  for (uint64_t unit = 0; unit < units_; ++unit) trained_[cut.source(unit)] += static_cast<uint64_t>(cut.trained(unit));
  for (size_t source = 0; source < options_.size(); ++source)
    if (options_[source] && options_[source]->share && trained_[source] == 0)
      throw Error(ExitCode::data, fmt::format("training.mixture gives the source {} a share of the trained tokens, but nothing of it is trained; "
                                              "see hone tokenize --show 5",
                                              cut.sources()[source]));
  if (!plain) deal(cut, seed);
}

void Mixture::deal(const Cut& cut, uint64_t seed) {
  decks_.resize(cut.sources().size());
  std::vector<std::vector<uint64_t>> units(decks_.size());
  for (uint64_t unit = 0; unit < units_; ++unit) units[cut.source(unit)].push_back(unit);
  for (size_t source = 0; source < decks_.size(); ++source) {
    Deck& deck = decks_[source];
    base::RandomStream stream(seed, "mixture of " + cut.sources()[source]);
    for (const uint64_t place : stream.permutation(units[source].size())) {
      const uint64_t unit = units[source][place];
      if (cut.trained(unit) == 0) {
        deck.idle.push_back(unit);
        continue;
      }
      deck.units.push_back(unit);
      deck.begins.push_back(deck.trained);
      deck.trained += static_cast<uint64_t>(cut.trained(unit));
    }
  }
}

std::vector<double> Mixture::weights(int64_t epoch) const {
  return mixture_weights(options_, {trained_.begin(), trained_.end()}, epoch);
}

uint64_t Mixture::bound(size_t source, int64_t epoch) const {
  double readings = 0;  // weights change only where a source's epochs end
  for (int64_t from = 0; from < epoch;) {
    const auto change = std::upper_bound(changes_.begin(), changes_.end(), from);
    const int64_t to = change == changes_.end() ? epoch : std::min(*change, epoch);
    readings += static_cast<double>(to - from) * weights(from)[source];
    from = to;
  }
  const double tokens = readings * static_cast<double>(decks_[source].trained);
  if (tokens > 9e18) throw Error(ExitCode::usage, "training.mixture reads more than 9e18 tokens; lower its weights");
  return static_cast<uint64_t>(std::llround(tokens));
}

std::vector<uint32_t> Mixture::readings(int64_t epoch) const {
  if (decks_.empty()) return {};
  std::vector<uint32_t> readings(units_, 0);
  const std::vector<double> weight = weights(epoch);
  for (size_t source = 0; source < decks_.size(); ++source) {
    const Deck& deck = decks_[source];
    if (weight[source] <= 0) continue;
    for (const uint64_t unit : deck.idle) readings[unit] = 1;
    if (deck.trained == 0) continue;
    const uint64_t begin = bound(source, epoch), end = bound(source, epoch + 1);
    for (size_t i = 0; i < deck.units.size(); ++i)
      readings[deck.units[i]] = static_cast<uint32_t>(
          std::min<uint64_t>(places_below(end, deck.begins[i], deck.trained) - places_below(begin, deck.begins[i], deck.trained), UINT32_MAX));
  }
  return readings;
}

}  // namespace hone::dataset
