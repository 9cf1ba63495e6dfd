#include "recipe/text_rules.h"

namespace hone::recipe {
namespace {

/// The two languages that thresholds are stated for.
template <typename Options>
void describe_languages(Binder& bind, Options& options) {
  bind.section("en", options.en, "thresholds for English and for every language that has none of its own");
  bind.section("ko", options.ko, "thresholds for Korean, where a word is an eojeol");
}

}  // namespace

// Korean figures: docs/korean-thresholds.md; a test keeps the two equal.
GopherQualityThresholds GopherQualityOptions::korean() {
  GopherQualityThresholds korean;
  korean.min_words = 39;
  korean.min_mean_word_length = 2.4;
  korean.max_mean_word_length = 9.7;
  korean.max_hashes_per_word = 0.12;
  korean.min_alphabetic_word_share = 0.74;
  korean.stop_words = {"수", "및", "이", "그", "또는", "대한", "위해", "있는", "경우", "때", "더", "모든", "다른", "같은", "통해", "것은"};
  return korean;
}

GopherRepetitionThresholds GopherRepetitionOptions::korean() {
  GopherRepetitionThresholds korean;
  korean.max_duplicate_paragraph_share = 0.34;
  korean.max_duplicate_paragraph_characters = 0.3;
  korean.max_duplicate_line_share = 0.39;
  korean.max_duplicate_line_characters = 0.29;
  korean.max_top_2_gram = 0.15;
  korean.max_top_3_gram = 0.16;
  korean.max_top_4_gram = 0.19;
  korean.max_duplicate_5_grams = 0.19;
  korean.max_duplicate_6_grams = 0.18;
  korean.max_duplicate_7_grams = 0.17;
  korean.max_duplicate_8_grams = 0.16;
  korean.max_duplicate_9_grams = 0.15;
  korean.max_duplicate_10_grams = 0.14;
  return korean;
}

C4Thresholds C4Options::korean() {
  C4Thresholds korean;
  korean.line_phrases.insert(korean.line_phrases.end(), {"자바스크립트", "이용약관", "개인정보처리방침", "개인정보 처리방침", "쿠키 정책", "쿠키를 사용"});
  return korean;
}

FineWebThresholds FineWebOptions::korean() {
  FineWebThresholds korean;
  korean.min_punctuated_line_share = 0.15;
  korean.max_short_line_share = 0.74;
  korean.max_repeated_line_characters = 0.03;
  korean.max_newlines_per_word = 0.35;
  return korean;
}

void describe(Binder& bind, QualityOptions& options) {
  bind("min_characters", options.min_characters, "shorter documents are dropped; a Hangul syllable counts two").in("characters").at_least(0);
  bind("max_repeated_share", options.max_repeated_share, "largest share of characters in lines or runs of five words seen before")
      .also({"max_repeated_line_share"})
      .share()
      .range(0, 1);
  bind("min_letter_share", options.min_letter_share, "least share of letters among characters that are not white space").share().range(0, 1);
  bind("max_word_length", options.max_word_length, "largest mean length of words; more is encoded data or minified code").in("characters").at_least(1);
  bind("max_broken_word_share", options.max_broken_word_share, "largest share of words with a sign or digit between letters, as bad recognition leaves them; of words whose signs no text has there (noisy_word_share) 0.65 of it")
      .share()
      .range(0, 1);
  bind("max_stray_hangul_share", options.max_stray_hangul_share, "largest share of Hangul that is single letters or rare syllables").share().range(0, 1);
  bind("max_surprise", options.max_surprise, "most a Latin letter may cost: English prose 2.3, letters at random 4 to 5").in("nats").at_least(0);
  bind("min_common_syllable_share", options.min_common_syllable_share, "least share of Hangul syllables that ordinary text is made of").share().range(0, 1);
  bind("remove_encoded_blocks", options.remove_encoded_blocks, "remove encoded data (base64 and the like) that stands inside good text");
}

void describe(Binder& bind, GopherQualityThresholds& options) {
  bind("min_words", options.min_words, "least words that are not signs alone").in("words").at_least(0);
  bind("max_words", options.max_words, "most words that are not signs alone").in("words").at_least(1);
  bind("min_mean_word_length", options.min_mean_word_length, "least mean length of words that are not signs alone").in("characters").at_least(0);
  bind("max_mean_word_length", options.max_mean_word_length, "largest mean length of words that are not signs alone").in("characters").at_least(0);
  bind("max_hashes_per_word", options.max_hashes_per_word, "most # for each word").at_least(0);
  bind("max_ellipses_per_word", options.max_ellipses_per_word, "most ellipses for each word").at_least(0);
  bind("max_bullet_line_share", options.max_bullet_line_share, "largest share of lines that begin with a bullet").share().range(0, 1);
  bind("max_ellipsis_line_share", options.max_ellipsis_line_share, "largest share of lines that end with an ellipsis").share().range(0, 1);
  bind("min_alphabetic_word_share", options.min_alphabetic_word_share, "least share of words with a letter").share().range(0, 1);
  bind("min_stop_words", options.min_stop_words, "least different stop words").in("words").at_least(0);
  bind("stop_words", options.stop_words, "words that ordinary text has");
}

void describe(Binder& bind, GopherQualityOptions& options) { describe_languages(bind, options); }

void describe(Binder& bind, GopherRepetitionThresholds& options) {
  const auto limit = [&](const char* name, double& value, const char* help) { bind(name, value, help).share().at_least(0); };
  limit("max_duplicate_line_share", options.max_duplicate_line_share, "largest share of lines seen before");
  limit("max_duplicate_line_characters", options.max_duplicate_line_characters, "largest share of characters in lines seen before");
  limit("max_duplicate_paragraph_share", options.max_duplicate_paragraph_share, "largest share of paragraphs seen before");
  limit("max_duplicate_paragraph_characters", options.max_duplicate_paragraph_characters, "largest share of characters in paragraphs seen before");
  limit("max_top_2_gram", options.max_top_2_gram, "largest share of characters in the commonest pair of words");
  limit("max_top_3_gram", options.max_top_3_gram, "largest share of characters in the commonest three words");
  limit("max_top_4_gram", options.max_top_4_gram, "largest share of characters in the commonest four words");
  limit("max_duplicate_5_grams", options.max_duplicate_5_grams, "largest share of characters in five words seen before");
  limit("max_duplicate_6_grams", options.max_duplicate_6_grams, "largest share of characters in six words seen before");
  limit("max_duplicate_7_grams", options.max_duplicate_7_grams, "largest share of characters in seven words seen before");
  limit("max_duplicate_8_grams", options.max_duplicate_8_grams, "largest share of characters in eight words seen before");
  limit("max_duplicate_9_grams", options.max_duplicate_9_grams, "largest share of characters in nine words seen before");
  limit("max_duplicate_10_grams", options.max_duplicate_10_grams, "largest share of characters in ten words seen before");
}

void describe(Binder& bind, GopherRepetitionOptions& options) { describe_languages(bind, options); }

void describe(Binder& bind, C4Thresholds& options) {
  bind("remove_lines", options.remove_lines, "remove the lines that fail; false only drops documents");
  bind("terminal_punctuation", options.terminal_punctuation, "a line must end with . ? ! or a quotation mark");
  bind("min_line_words", options.min_line_words, "least words of a line").in("words").at_least(0);
  bind("max_word_length", options.max_word_length, "a line with a longer word fails").in("characters").at_least(1);
  bind("min_sentences", options.min_sentences, "least sentences in the lines that do not fail").in("sentences").at_least(0);
  bind("remove_citations", options.remove_citations, "remove [1], [edit] and [citation needed]");
  bind("drop_curly_brackets", options.drop_curly_brackets, "drop documents with a curly bracket");
  bind("drop_lorem_ipsum", options.drop_lorem_ipsum, "drop documents with lorem ipsum");
  bind("line_phrases", options.line_phrases, "a line with one of these fails; upper and lower case are the same");
}

void describe(Binder& bind, C4Options& options) { describe_languages(bind, options); }

void describe(Binder& bind, FineWebThresholds& options) {
  bind("min_punctuated_line_share", options.min_punctuated_line_share, "least share of lines that end a sentence").share().range(0, 1);
  bind("max_short_line_share", options.max_short_line_share, "largest share of short lines").share().range(0, 1);
  bind("short_line_characters", options.short_line_characters, "longest line that counts as short").in("characters").at_least(0);
  bind("max_repeated_line_characters", options.max_repeated_line_characters, "largest share of characters in lines seen before").share().range(0, 1);
  bind("max_newlines_per_word", options.max_newlines_per_word, "most line ends for each word").at_least(0);
}

void describe(Binder& bind, FineWebOptions& options) { describe_languages(bind, options); }

void describe(Binder& bind, WebRulesOptions& options) {
  bind.section("gopher_quality", options.gopher_quality, "thresholds of the rule gopher_quality");
  bind.section("gopher_repetition", options.gopher_repetition, "thresholds of the rule gopher_repetition");
  bind.section("c4", options.c4, "what the rule c4 removes");
  bind.section("fineweb", options.fineweb, "thresholds of the rule fineweb");
}

void describe(Binder& bind, ReplacementExample& options) {
  bind("from", options.from, "a text");
  bind("to", options.to, "what the rule makes of it");
}

void describe(Binder& bind, OwnRuleExamples& options) {
  bind("keeps", options.keeps, "texts that the rule leaves as they are");
  bind("drops", options.drops, "texts that the rule drops");
  bind.sections("replaces", options.replaces, "texts that the rule changes");
}

void describe(Binder& bind, OwnRuleOptions& options) {
  bind("name", options.name, "what recipes and ledgers call it");
  bind("sources", options.sources, "names of the sources it is for; empty: all");
  bind("languages", options.languages, "languages of the documents it is for, such as [ko]; empty: all");
  bind("drop", options.drop, "RE2 patterns; a document that one of them matches is dropped");
  bind("replace", options.replace, "RE2 patterns; what they match is replaced");
  bind("replacement", options.replacement, "what stands there instead; \\1 is what the first brackets matched");
  bind("keywords", options.keywords, "words; Korean ones are found with particles too");
  bind("at_least", options.at_least, "how many different keywords must occur").at_least(1);
  bind("attribute", options.attribute, "an attribute of docs/cleaning-attributes.md, compared with above or below");
  bind("above", options.above, "documents whose attribute is greater are meant");
  bind("below", options.below, "documents whose attribute is smaller are meant");
  bind("reason", options.reason, "why, for ledger and report; by default the rule's name");
  bind("family", options.family, "what kind of defect it is about, a word of the ledger such as quality or boilerplate");
  bind.section("examples", options.examples, "texts with a known outcome; hone validate runs them");
}

}  // namespace hone::recipe
