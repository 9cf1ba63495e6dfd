#include "corpus/rules/language.h"

#include <algorithm>

#include "corpus/foreign_paragraphs.h"
#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

constexpr uint64_t kLeastCharacters = 100;
constexpr double kMainShare = 0.5, kClearShare = 0.7;
constexpr double kForeignShare = 0.6;  // of the bytes of the text; the rest is code and headings

/// Whether foreign paragraphs are most of the text.
bool is_foreign_by_paragraphs(std::string_view text, const std::vector<ForeignParagraph>& foreign) {
  size_t bytes = 0;
  for (const ForeignParagraph& paragraph : foreign) bytes += paragraph.end - paragraph.begin;
  return static_cast<double>(bytes) >= kForeignShare * static_cast<double>(text.size());
}

/// Whether the languages nobody asked for have most of the text together: Danish and Norwegian are taken for each other.
bool is_foreign_in_sum(std::string_view text, const std::vector<std::string>& wanted) {
  double foreign = 0, welcome = 0;
  for (const Language& language : detect_languages(text)) {
    (is_wanted_language(language.code, wanted) ? welcome : foreign) += language.share;
  }
  return foreign >= kClearShare && welcome < 1 - kClearShare;
}

}  // namespace

Outcome LanguageFilter::judge(const DocumentView& document) const {
  Language language = document.language;
  const auto unwanted = [this](const Language& found) {
    return found.code != "und" && found.share >= kMainShare && !is_wanted_language(found.code, wanted_);
  };
  Outcome outcome;
  if (!wanted_.empty() && unwanted(language) && document.text.size() != document.original.size()) {
    language = detect_language(document.text);  // an earlier rule has made it readable
  }
  outcome.findings = {{"share", language.share}};
  if (wanted_.empty()) return outcome;
  if (unwanted(language)) {
    if (count_code_points(document.text) >= kLeastCharacters) {
      outcome.verdict = Verdict::drop;
      outcome.reason = language.code;
    }
    return outcome;
  }
  if (language.share < kMainShare && language.code != "und" && !is_wanted_language(language.code, wanted_) && is_foreign_in_sum(document.text, wanted_) &&
      count_code_points(document.text) >= kLeastCharacters) {
    outcome.verdict = Verdict::drop;
    outcome.reason = language.code;
    return outcome;
  }
  std::vector<ForeignParagraph> foreign = find_foreign_paragraphs(document.text, wanted_);
  if (foreign.empty()) return outcome;
  if (language.share < kClearShare && is_foreign_by_paragraphs(document.text, foreign)) {
    outcome.verdict = Verdict::drop;
    outcome.reason = foreign.front().language;
    return outcome;
  }
  outcome.findings.push_back({"foreign_paragraphs", static_cast<double>(foreign.size())});
  for (const ForeignParagraph& paragraph : foreign) {
    outcome.flags.push_back({.begin = paragraph.begin, .end = paragraph.end, .replacement = {}, .kind = "foreign_paragraph", .family = {}});
  }
  return outcome;
}

Outcome ForeignParagraphs::judge(const DocumentView& document) const {
  std::vector<Edit> edits;
  for (const ForeignParagraph& paragraph : find_foreign_paragraphs(document.text, wanted_)) {
    size_t end = paragraph.end;
    while (end < document.text.size() && document.text[end] == '\n') ++end;
    edits.push_back({.begin = paragraph.begin, .end = end, .replacement = {}, .kind = "foreign_paragraph", .family = {}});
  }
  return Outcome::edit(std::move(edits));
}

}  // namespace hone::corpus
