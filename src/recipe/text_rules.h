#pragma once
/// Options of the rules that judge a text by its measures, and of the rules an organisation writes itself.
///
/// Rules with thresholds by language hold one set for `en`, which every other language uses too, and one for `ko`, where a word
/// is an eojeol (a run without white space). Published thresholds: Gopher (Rae et al. 2021, table A1), C4 (Raffel et al. 2020),
/// FineWeb (Penedo et al. 2024). The Korean ones: docs/korean-thresholds.md.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "recipe/binder.h"

namespace hone::recipe {

/// Least a document must be to be worth learning from. What the measures mean: docs/cleaning-attributes.md.
struct QualityOptions {
  int64_t min_characters = 50;         ///< Not white space; a Hangul syllable or ideograph counts two.
  double max_repeated_share = 0.7;     ///< Characters in lines or runs of five words seen before; Gopher's 0.2 drops manuals with examples.
  double min_letter_share = 0.5;       ///< Letters over characters that are not white space.
  double max_word_length = 20;         ///< Mean, where words are parted by spaces; more is encoded data or minified code.
  double max_broken_word_share = 0.2;  ///< Words with a sign or digit between letters.
  double max_stray_hangul_share = 0.06;
  double max_surprise = 4.2;           ///< Nats a Latin letter costs; English prose 2.3, letters at random 4 to 5.
  double min_common_syllable_share = 0.8;
  bool remove_encoded_blocks = true;   ///< Encoded data inside good text goes, the text stays.
};

struct GopherQualityThresholds {
  int64_t min_words = 50, max_words = 100'000;
  double min_mean_word_length = 3, max_mean_word_length = 10;
  double max_hashes_per_word = 0.1, max_ellipses_per_word = 0.1;
  double max_bullet_line_share = 0.9, max_ellipsis_line_share = 0.3;
  double min_alphabetic_word_share = 0.8;
  int64_t min_stop_words = 2;
  std::vector<std::string> stop_words = {"the", "be", "to", "of", "and", "that", "have", "with"};
};
struct GopherQualityOptions {
  GopherQualityThresholds en, ko = korean();
  static GopherQualityThresholds korean();
};

struct GopherRepetitionThresholds {
  double max_duplicate_line_share = 0.3, max_duplicate_line_characters = 0.2;
  double max_duplicate_paragraph_share = 0.3, max_duplicate_paragraph_characters = 0.2;
  double max_top_2_gram = 0.2, max_top_3_gram = 0.18, max_top_4_gram = 0.16;
  double max_duplicate_5_grams = 0.15, max_duplicate_6_grams = 0.14, max_duplicate_7_grams = 0.13;
  double max_duplicate_8_grams = 0.12, max_duplicate_9_grams = 0.11, max_duplicate_10_grams = 0.10;
};
struct GopherRepetitionOptions {
  GopherRepetitionThresholds en, ko = korean();
  static GopherRepetitionThresholds korean();
};

struct C4Thresholds {
  bool remove_lines = true;          ///< Lines that fail go and the rest stays, as C4 does; false: only whole documents go.
  bool terminal_punctuation = true;  ///< A line must end a sentence.
  int64_t min_line_words = 3;
  int64_t max_word_length = 1000;    ///< Characters; a line with a longer word goes.
  int64_t min_sentences = 5;         ///< Of the lines that stay.
  bool remove_citations = true;      ///< [1], [edit], [citation needed]
  bool drop_curly_brackets = true, drop_lorem_ipsum = true;
  std::vector<std::string> line_phrases = {"javascript", "terms of use", "privacy policy", "cookie policy",
                                           "uses cookies", "use of cookies", "use cookies"};  ///< A line with one of them goes.
};
struct C4Options {
  C4Thresholds en, ko = korean();
  static C4Thresholds korean();
};

struct FineWebThresholds {
  double min_punctuated_line_share = 0.12;
  double max_short_line_share = 0.67;
  int64_t short_line_characters = 30;
  double max_repeated_line_characters = 0.01;
  double max_newlines_per_word = 0.3;
};
struct FineWebOptions {
  FineWebThresholds en, ko = korean();
  static FineWebThresholds korean();
};

/// The rules made for web pages. They drop manuals, so that no default list names them; configs/rules/web.yaml does.
struct WebRulesOptions {
  GopherQualityOptions gopher_quality;
  GopherRepetitionOptions gopher_repetition;
  C4Options c4;
  FineWebOptions fineweb;
};

struct ReplacementExample {
  std::string from, to;
};

/// Texts with a known outcome, run by `hone validate` and before every run.
struct OwnRuleExamples {
  std::vector<std::string> keeps, drops;
  std::vector<ReplacementExample> replaces;
};

/// A rule of the organisation's own. It acts on documents of its sources and languages that meet every condition written:
/// one of `drop` matches, enough of `keywords` occur, `attribute` is beyond its bound. It drops such documents, or, with
/// `replace`, writes `replacement` over what the patterns match in them.
struct OwnRuleOptions {
  std::string name;
  std::vector<std::string> sources, languages;  ///< Empty: all.
  std::vector<std::string> drop, replace;       ///< RE2 patterns.
  std::string replacement;                      ///< \1 is what the first pair of brackets matched.
  std::vector<std::string> keywords;
  int64_t at_least = 1;                         ///< Different keywords that must occur.
  std::string attribute;
  std::optional<double> above, below;
  std::string reason;                           ///< Of a drop, for ledger and report; by default the rule's name.
  std::string family = "quality";
  OwnRuleExamples examples;
};

void describe(Binder& bind, QualityOptions& options);
void describe(Binder& bind, GopherQualityThresholds& options);
void describe(Binder& bind, GopherQualityOptions& options);
void describe(Binder& bind, GopherRepetitionThresholds& options);
void describe(Binder& bind, GopherRepetitionOptions& options);
void describe(Binder& bind, C4Thresholds& options);
void describe(Binder& bind, C4Options& options);
void describe(Binder& bind, FineWebThresholds& options);
void describe(Binder& bind, FineWebOptions& options);
void describe(Binder& bind, ReplacementExample& options);
void describe(Binder& bind, OwnRuleExamples& options);
void describe(Binder& bind, OwnRuleOptions& options);
/// Four sections of `corpus`, side by side with those of the other rules.
void describe(Binder& bind, WebRulesOptions& options);

}  // namespace hone::recipe
