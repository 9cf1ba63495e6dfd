#pragma once
/// Removes the lines of a web page that are not sentences, and drops pages that have too few: C4 (Raffel et al. 2020, section 2.2)
/// with the figures and the order of datatrove's C4QualityFilter. For each line, white space at its ends aside:
///   goes        a word longer than max_word_length; citations ([1], [edit], [citation needed]) are taken out first, then:
///               no terminal mark (. ? ! " ' but not ...; Korean also ” ’ 」 』 。), fewer than min_line_words words, a phrase
///   drops all   "lorem ipsum", "{" in a line that stays so far
/// Lines that stay are joined by one line end; fewer than min_sentences sentences in them drop the document. A sentence ends at a
/// Sentence_Terminal before white space, where datatrove asks a trained splitter. Without remove_lines nothing is edited.
#include <memory>

#include "corpus/by_source.h"
#include "corpus/rule.h"

namespace hone::corpus {

class C4 final : public Rule {
 public:
  static constexpr std::string_view kName = "c4";
  static constexpr Family kFamily = Family::quality;

  explicit C4(const recipe::CorpusOptions& options);
  ~C4() override;
  std::string_view name() const override { return kName; }
  Family family() const override { return kFamily; }
  bool changes_text() const override { return true; }
  Outcome judge(const DocumentView& document) const override;

 private:
  struct Checks;
  BySource<ByLanguage<std::shared_ptr<const Checks>>> checks_;
};

}  // namespace hone::corpus
