#include "tasks/kneser_ney.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "base/error.h"
#include "base/random.h"

namespace hone::tasks {
namespace {

using Ids = std::vector<int32_t>;

/// Text with structure: each token leans on the one before, so that high orders have something to find.
std::vector<Ids> random_documents(uint64_t seed, int documents, int32_t vocabulary) {
  std::vector<Ids> result;
  for (int d = 0; d < documents; ++d) {
    base::RandomStream random(seed, "kneser-ney test", static_cast<uint32_t>(d));
    Ids ids(static_cast<size_t>(random.below(40)));
    int32_t last = 0;
    for (int32_t& id : ids) {
      last = static_cast<int32_t>(
          random.uniform() < 0.7 ? (last * 3 + 1) % vocabulary
                                 : static_cast<int32_t>(random.below(static_cast<uint64_t>(vocabulary))));
      id = last;
    }
    result.push_back(ids);
  }
  return result;
}

/// The definition, read off the header with no thought for speed: maps of vectors, -1 for the start of a
/// document.
class ByDefinition {
 public:
  ByDefinition(const std::vector<Ids>& documents, int32_t vocabulary) : vocabulary_(vocabulary) {
    for (const Ids& document : documents) {
      Ids line = {-1};
      line.insert(line.end(), document.begin(), document.end());
      for (size_t end = 1; end < line.size(); ++end)
        for (size_t order = 1; order <= 5 && order <= end + 1; ++order) {
          const Ids gram(line.begin() + static_cast<long>(end + 1 - order),
                         line.begin() + static_cast<long>(end + 1));
          ++raw_[gram];
          if (order > 1) left_[Ids(gram.begin() + 1, gram.end())].insert(gram.front());
        }
    }
    for (const auto& [gram, count] : raw_) {
      const int a = adjusted(gram);
      if (a <= 4) ++with_count_[gram.size()][a];
      children_[Ids(gram.begin(), gram.end() - 1)].push_back(gram.back());
    }
  }

  double probability(Ids history, int32_t next) const {
    if (history.size() > 4) history.erase(history.begin(), history.end() - 4);
    const double lower =
        history.empty() ? 1.0 / vocabulary_ : probability(Ids(history.begin() + 1, history.end()), next);
    const auto found = children_.find(history);
    if (found == children_.end()) return lower;
    const size_t order = history.size() + 1;
    double total = 0, left_over = 0;
    for (const int32_t child : found->second) {
      const int a = adjusted(joined(history, child));
      total += a;
      left_over += discount(order, a);
    }
    const int a = adjusted(joined(history, next));
    return (a - discount(order, a)) / total + left_over / total * lower;
  }

 private:
  static Ids joined(Ids history, int32_t next) {
    history.push_back(next);
    return history;
  }
  int adjusted(const Ids& gram) const {
    const auto raw = raw_.find(gram);
    if (raw == raw_.end()) return 0;
    if (gram.size() == 5 || gram.front() == -1) return raw->second;
    return static_cast<int>(
        left_.at(gram).size());  // it does not start with -1, so something stands before it
  }
  double discount(size_t order, int a) const {
    if (a == 0) return 0;
    const auto counts = with_count_.find(order);
    const auto n = [&](int count) {
      return counts != with_count_.end() && counts->second.contains(count) ? counts->second.at(count) * 1.0
                                                                           : 0.0;
    };
    double d[] = {0.5, 1.0, 1.5};
    if (n(1) > 0 && n(2) > 0 && n(3) > 0 && n(4) > 0) {
      const double y = n(1) / (n(1) + 2 * n(2));
      const double e[] = {1 - 2 * y * n(2) / n(1), 2 - 3 * y * n(3) / n(2), 3 - 4 * y * n(4) / n(3)};
      if (e[0] > 0 && e[1] > 0 && e[2] > 0) std::copy(e, e + 3, d);
    }
    return d[std::min(a, 3) - 1];
  }

  int32_t vocabulary_;
  std::map<Ids, int> raw_;
  std::map<Ids, std::set<int32_t>> left_;
  std::map<Ids, Ids> children_;
  std::map<size_t, std::map<int, int>> with_count_;
};

KneserNey counted(const std::vector<Ids>& documents, int32_t vocabulary) {
  KneserNey model(vocabulary);
  for (const Ids& document : documents) model.add(document);
  model.finish();
  return model;
}

TEST(KneserNey, ProbabilitiesOfEveryHistorySumToOne) {
  constexpr int32_t kVocabulary = 17;
  for (const uint64_t seed : {1U, 2U, 3U}) {
    const auto documents = random_documents(seed, 60, kVocabulary);
    const KneserNey model = counted(documents, kVocabulary);
    base::RandomStream random(seed, "histories");
    for (int trial = 0; trial < 200; ++trial) {
      Ids history(random.below(6));
      // Half from the text, half invented: known and unknown histories.
      const Ids& document = documents[random.below(documents.size())];
      for (size_t i = 0; i < history.size(); ++i)
        history[i] = trial % 2 == 0 && i < document.size() ? document[i]
                                                           : static_cast<int32_t>(random.below(kVocabulary));
      double sum = 0;
      for (int32_t id = 0; id < kVocabulary; ++id) {
        const double p = model.probability(history, id, trial % 3 == 0);
        EXPECT_GT(p, 0);
        sum += p;
      }
      EXPECT_NEAR(sum, 1.0, 1e-12) << "history of " << history.size();
    }
  }
}

TEST(KneserNey, AgreesWithTheDefinition) {
  constexpr int32_t kVocabulary = 11;
  for (const uint64_t seed : {4U, 5U}) {
    const auto documents = random_documents(seed, 40, kVocabulary);
    const KneserNey model = counted(documents, kVocabulary);
    const ByDefinition definition(documents, kVocabulary);
    for (const Ids& document : random_documents(seed + 100, 20, kVocabulary)) {
      Ids history = {-1};
      double sum = 0;
      for (const int32_t id : document) {
        sum += std::log(definition.probability(history, id));
        history.push_back(id);
      }
      EXPECT_NEAR(model.log_probability(document), sum, 1e-9 * std::abs(sum) + 1e-12);
    }
  }
}

TEST(KneserNey, MatchesAnExampleWorkedOutByHand) {
  // Documents "a b" and "a c" over {a, b, c}; too small for estimated discounts: ½, 1, 1½.
  const KneserNey model = counted({{0, 1}, {0, 2}}, 3);
  // Unigrams: before a stands the start, before b and c stands a: a(a) = a(b) = a(c) = 1, total 3, γ = ½·3/3.
  const double unigram = 0.5 / 3 + 0.5 / 3;  // = 1/3 for each of the three
  EXPECT_NEAR(model.probability({}, 1, false), unigram, 1e-15);
  // After a (not from the start): b and c each have one left neighbour pattern "start a": a(ab) = 1, total 2,
  // γ = ½·2/2.
  const double after_a = 0.5 / 2 + 0.5 * unigram;
  EXPECT_NEAR(model.probability(Ids{0}, 1, false), after_a, 1e-15);
  // After start, a: counted as they occur, once each.
  EXPECT_NEAR(model.probability(Ids{0}, 1, true), 0.5 / 2 + 0.5 * after_a, 1e-15);
  // First token: start a occurs twice, so D2 = 1: (2 - 1)/2 + 1·1/2 · unigram.
  EXPECT_NEAR(model.probability({}, 0, true), 0.5 + 0.5 * unigram, 1e-15);
  // Never seen after a.
  EXPECT_NEAR(model.probability(Ids{0}, 0, false), 0.5 * unigram, 1e-15);
}

TEST(KneserNey, TextSeenInTrainingIsLikelierThanTheSameTokensShuffled) {
  auto documents = random_documents(9, 200, 50);
  const KneserNey model = counted(documents, 50);
  const Ids& seen = *std::max_element(documents.begin(), documents.end(),
                                      [](const Ids& a, const Ids& b) { return a.size() < b.size(); });
  Ids shuffled = seen;
  std::reverse(shuffled.begin(), shuffled.end());
  EXPECT_GT(model.log_probability(seen), model.log_probability(shuffled));
}

TEST(KneserNey, OrderOfDocumentsDoesNotMatter) {
  auto documents = random_documents(12, 50, 13);
  const KneserNey forwards = counted(documents, 13);
  std::reverse(documents.begin(), documents.end());
  const KneserNey backwards = counted(documents, 13);
  for (const Ids& document : random_documents(13, 10, 13))
    EXPECT_DOUBLE_EQ(forwards.log_probability(document), backwards.log_probability(document));
}

TEST(KneserNey, DiscountsAreEstimatedWhenThereIsEnoughText) {
  const KneserNey model = counted(random_documents(14, 2000, 100), 100);
  EXPECT_TRUE(model.discounts(5).estimated);
  EXPECT_GT(model.discounts(5).one, 0);
  EXPECT_LT(model.discounts(5).one, 1);
  EXPECT_FALSE(counted({{0, 1, 2}}, 3).discounts(5).estimated);
}

TEST(KneserNey, NothingCountedMeansEveryTokenIsAsLikely) {
  const KneserNey model = counted({}, 8);
  EXPECT_DOUBLE_EQ(model.probability(Ids{1, 2}, 3, true), 1.0 / 8);
  EXPECT_DOUBLE_EQ(model.log_probability(Ids{1, 2}), 2 * std::log(1.0 / 8));
  EXPECT_DOUBLE_EQ(model.log_probability(Ids{}), 0);
}

TEST(KneserNey, IdsOutsideTheVocabularyAreRefused) {
  KneserNey model(4);
  EXPECT_THROW(model.add(Ids{0, 4}), Error);
  EXPECT_THROW(model.add(Ids{-1}), Error);
}

}  // namespace
}  // namespace hone::tasks
