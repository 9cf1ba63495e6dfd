#pragma once
/// Drops documents in a language that the recipe does not ask for (corpus.languages), and points out paragraphs in one.
///
/// Judged by the language that CLD2 finds in most of the text (language.h). Texts of fewer than 100 characters, and texts without
/// a clear main language, stay: there is no telling, unless the foreign ones have 70 % of it together. Where none has 70 % of the
/// text, because code and names are taken for English, the paragraphs decide: the document goes when those that are foreign for
/// sure are 60 % of it. In documents that stay, foreign paragraphs (foreign_paragraphs.h) are flagged and left: a quotation or a
/// licence belongs to its document. The rule foreign_paragraphs takes them out, for who lists it. Reported as family language.
#include <string>
#include <vector>

#include "corpus/rule.h"

namespace hone::corpus {

class LanguageFilter final : public Rule {
 public:
  static constexpr std::string_view kName = "language";
  static constexpr Family kFamily = Family::language;

  explicit LanguageFilter(std::vector<std::string> wanted) : wanted_(std::move(wanted)) {}
  std::string_view name() const override { return kName; }
  Family family() const override { return kFamily; }
  Outcome judge(const DocumentView& document) const override;

 private:
  std::vector<std::string> wanted_;  ///< Empty: all.
};

/// Takes out paragraphs in a language that the recipe does not ask for.
class ForeignParagraphs final : public Rule {
 public:
  static constexpr std::string_view kName = "foreign_paragraphs";
  static constexpr Family kFamily = Family::language;

  explicit ForeignParagraphs(std::vector<std::string> wanted) : wanted_(std::move(wanted)) {}
  std::string_view name() const override { return kName; }
  Family family() const override { return kFamily; }
  bool changes_text() const override { return true; }
  Outcome judge(const DocumentView& document) const override;

 private:
  std::vector<std::string> wanted_;  ///< Empty: all.
};

}  // namespace hone::corpus
