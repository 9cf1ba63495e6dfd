#pragma once
/// Takes out what the pages of one source have in common: menus, banners, footers, notices, signatures, share bars.
///
/// Counted by lines (page_lines.h) over the documents of a source that no earlier rule has dropped; what counts as boilerplate
/// and what is left alone: repeated_lines.h; documents left whole as filled in from a template have the finding `template`. A source of which more than `max_removed_share` of the text would go stops the run.
/// Memory: at most 1 KB a document until the counting is done, then only the repeated lines.
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "corpus/repeated_lines.h"
#include "corpus/rule.h"
#include "recipe/corpus_rules.h"

namespace hone::corpus {

class Boilerplate final : public CorpusRule {
 public:
  static constexpr std::string_view kName = "boilerplate";
  static constexpr Family kFamily = Family::boilerplate;

  explicit Boilerplate(recipe::BoilerplateOptions options) : options_(options) {}
  std::string_view name() const override { return kName; }
  Family family() const override { return kFamily; }
  bool changes_text() const override { return true; }
  std::string observe(const DocumentView& document) const override;
  void take(DocumentIndex index, std::string_view observation) override;
  void settle(Settlement& settlement) override;
  bool drops(DocumentIndex) const override { return false; }
  std::optional<std::string> settled(DocumentIndex index) const override;
  Outcome judge(const DocumentView& document) const override;

 private:
  struct Seen {
    DocumentIndex index = 0;
    std::string lines;  ///< As pack_lines made it.
  };
  void learn(std::string_view source, const std::vector<const Seen*>& documents);

  recipe::BoilerplateOptions options_;
  std::vector<Seen> seen_;
  std::unordered_map<std::string, RepeatedLines> sources_;  ///< Only those with repeated lines, by name.
  /// Which lines go, a bit each, of documents that lose some; nothing for those with more lines than are packed.
  std::unordered_map<DocumentIndex, std::optional<std::string>> chosen_;
  const Archive* archive_ = nullptr;  ///< Of the run; there once settle() has been called.
};

}  // namespace hone::corpus
