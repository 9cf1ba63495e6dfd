#pragma once
/// Keeps evaluation items out of what is learnt: what the model has read it cannot be examined with.
///
/// Items come from the files of corpus.decontamination.files (eval_items.h) and are found however they are spaced and with a word
/// edited (leak_index.h). The passage goes: the paragraph when the item is two fifths of it or more, else the sentences it stands
/// in. By option the document goes, or the place is only flagged.
#include <string>
#include <vector>

#include "corpus/eval_items.h"
#include "corpus/leak_index.h"
#include "corpus/rule.h"
#include "recipe/corpus_rules.h"

namespace hone::corpus {

class Decontamination final : public Rule {
 public:
  static constexpr std::string_view kName = "decontamination";
  static constexpr Family kFamily = Family::eval;

  /// Reads the files. Throws usage when one does not exist, data when one is no JSON.
  explicit Decontamination(const recipe::DecontaminationOptions& options);
  /// Items from elsewhere; the options' files are not read.
  Decontamination(const recipe::DecontaminationOptions& options, std::vector<EvalItem> items);

  std::string_view name() const override { return kName; }
  Family family() const override { return kFamily; }
  bool changes_text() const override { return action_ == recipe::LeakAction::passage; }
  std::string inputs() const override { return digest_; }
  Outcome judge(const DocumentView& document) const override;

  size_t items() const { return ids_.size(); }

 private:
  recipe::LeakAction action_;
  std::vector<std::string> ids_;
  LeakIndex index_;
  std::string digest_;  ///< Of the files' contents.
};

}  // namespace hone::corpus
