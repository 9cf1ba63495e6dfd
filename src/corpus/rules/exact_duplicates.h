#pragma once
/// Drops a document that says the same as an earlier one.
///
/// The same: equal after NFKC, removal of default-ignorable characters, and white space collapsed and trimmed. Records of instruction
/// data: equal in all their turns, so that one question with two answers stays. The first in
/// input order stays. Compared by SHA-256 of that form, first 128 bits, so that nobody can write a document that displaces another.
#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "corpus/rule.h"

namespace hone::corpus {

class ExactDuplicates final : public CorpusRule {
 public:
  static constexpr std::string_view kName = "exact_duplicates";
  static constexpr Family kFamily = Family::dedup;

  std::string_view name() const override { return kName; }
  Family family() const override { return kFamily; }
  std::string observe(const DocumentView& document) const override;
  void take(DocumentIndex index, std::string_view observation) override;
  void settle(Settlement& settlement) override;
  bool drops(DocumentIndex index) const override { return first_of_.contains(index); }
  std::optional<std::string> settled(DocumentIndex index) const override;
  Outcome judge(const DocumentView& document) const override;

 private:
  struct Seen {
    DocumentIndex index;
    std::array<uint64_t, 2> key;
  };
  std::vector<Seen> seen_;
  std::unordered_map<DocumentIndex, std::string> first_of_;  ///< Only duplicates; the value is the id that stays.
};

/// The form that is compared.
std::string canonical_form(std::string_view text);

}  // namespace hone::corpus
