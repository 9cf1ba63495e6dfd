#include "corpus/measures.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "corpus/n_grams.h"
#include "corpus/repetition.h"
#include "recipe/text_rules.h"

namespace hone::corpus {
namespace {

using Group = MeasureGroup;

constexpr uint32_t kShortLine = 30;

constexpr std::array<AttributeInfo, kAttributes> kTable = {{
    {"characters", "characters", "characters that are not white space", Group::census},
    {"length", "characters", "all characters, white space included", Group::lines},
    {"words", "words", "runs without white space; in Korean, eojeol", Group::census},
    {"content_words", "words", "words that are not punctuation alone", Group::census},
    {"characters_per_word", "characters", "mean length of all words", Group::census},
    {"mean_word_length", "characters", "mean length of content_words", Group::census},
    {"longest_word", "characters", "length of the longest word", Group::census},
    {"letter_share", "share", "letters among characters, ruled lines aside, a Hangul syllable or ideograph counting two", Group::census},
    {"digit_share", "share", "digits among characters", Group::census},
    {"symbol_share", "share", "signs and punctuation among characters", Group::census},
    {"hangul_share", "share", "Hangul syllables among characters", Group::census},
    {"alphabetic_word_share", "share", "words with a letter among words", Group::census},
    {"broken_word_share", "share", "words with a sign or digit between letters among words", Group::census},
    {"noisy_word_share", "share", "words with signs and digits that bad recognition leaves between letters, those with one at an end half, among words of letters", Group::census},
    {"stray_hangul_share", "share", "single letters, rare syllables and signs in the place of syllables among Hangul", Group::census},
    {"common_syllable_share", "share", "the 500 commonest syllables among Hangul syllables", Group::census},
    {"syllable_order", "nats", "mean that the first and last syllable of a run of Hangul gain by their places; prose 1, shuffled -1", Group::census},
    {"surprise", "nats", "mean cost of a Latin letter under a model of English letter pairs", Group::census},
    {"stop_words", "words", "different stop words of English or of Korean that occur, whichever are more", Group::stop_words},
    {"repeated_lines", "share", "characters in lines seen before, white space aside", Group::repetition},
    {"repeated_runs", "share", "characters in runs of five words seen before, each once, white space aside", Group::repetition},
    {"lines", "lines", "lines with more than white space on them", Group::lines},
    {"paragraphs", "paragraphs", "pieces between two or more line ends", Group::lines},
    {"hashes_per_word", "ratio", "# over words", Group::lines},
    {"ellipses_per_word", "ratio", "... and … over words", Group::lines},
    {"newlines_per_word", "ratio", "line ends over words", Group::lines},
    {"bullet_line_share", "share", "lines that begin with • or -", Group::lines},
    {"ellipsis_line_share", "share", "lines that end with ... or …", Group::lines},
    {"punctuated_line_share", "share", "lines whose last character ends a sentence (Unicode: Sentence_Terminal)", Group::lines},
    {"short_line_share", "share", "lines of at most 30 characters", Group::lines},
    {"repeated_line_characters", "share", "characters in lines seen before, over all characters but line ends", Group::lines},
    {"duplicate_line_share", "share", "lines seen before among lines", Group::lines},
    {"duplicate_line_characters", "share", "characters in lines seen before, over length", Group::lines},
    {"duplicate_paragraph_share", "share", "paragraphs seen before among paragraphs", Group::lines},
    {"duplicate_paragraph_characters", "share", "characters in paragraphs seen before, over length", Group::lines},
    {"top_2_gram", "share", "characters in the commonest two words, over length", Group::n_grams},
    {"top_3_gram", "share", "characters in the commonest three words, over length", Group::n_grams},
    {"top_4_gram", "share", "characters in the commonest four words, over length", Group::n_grams},
    {"duplicate_5_grams", "share", "characters in five words seen before, over length", Group::n_grams},
    {"duplicate_6_grams", "share", "characters in six words seen before, over length", Group::n_grams},
    {"duplicate_7_grams", "share", "characters in seven words seen before, over length", Group::n_grams},
    {"duplicate_8_grams", "share", "characters in eight words seen before, over length", Group::n_grams},
    {"duplicate_9_grams", "share", "characters in nine words seen before, over length", Group::n_grams},
    {"duplicate_10_grams", "share", "characters in ten words seen before, over length", Group::n_grams},
}};

constexpr uint8_t bit(Group group) { return static_cast<uint8_t>(1U << static_cast<unsigned>(group)); }

double ratio(uint64_t part, uint64_t whole) { return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole); }

uint64_t default_stop_words(const Census& census) {
  static const recipe::GopherQualityOptions kDefaults;
  static const WordList kEnglish(kDefaults.en.stop_words), kKorean(kDefaults.ko.stop_words);
  return std::max(kEnglish.count(census), kKorean.count(census));
}

}  // namespace

std::span<const AttributeInfo, kAttributes> attributes() { return kTable; }

const AttributeInfo& info(Attribute attribute) { return kTable[static_cast<size_t>(attribute)]; }

std::optional<Attribute> find_attribute(std::string_view name) {
  for (size_t i = 0; i < kAttributes; ++i) {
    if (kTable[i].name == name) return static_cast<Attribute>(i);
  }
  return std::nullopt;
}

std::vector<std::string> attribute_names() {
  std::vector<std::string> names;
  for (const AttributeInfo& attribute : kTable) names.emplace_back(attribute.name);
  return names;
}

std::string attributes_markdown() {
  std::string out =
      "# Attributes of a text\n\n"
      "What the rules `quality`, `gopher_quality`, `gopher_repetition` and `fineweb` measure, what ledgers hold under `findings`, and what a\n"
      "rule of your own may compare (`attribute`). A test keeps this page equal to the table in `src/corpus/measures.cpp`. Words are runs\n"
      "without white space, so that Korean is measured by eojeol; other tools, which part words from their punctuation or eojeol into\n"
      "morphemes, count more words and shorter ones.\n\n"
      "| attribute | unit | meaning |\n| --- | --- | --- |\n";
  for (const AttributeInfo& attribute : kTable) out += fmt::format("| `{}` | {} | {} |\n", attribute.name, attribute.unit, attribute.meaning);
  return out;
}

WordList::WordList(const std::vector<std::string>& words) {
  for (const std::string& word : words) hashes_.push_back(word_hash(word));
  std::sort(hashes_.begin(), hashes_.end());
  hashes_.erase(std::unique(hashes_.begin(), hashes_.end()), hashes_.end());
  for (const uint64_t hash : hashes_) filter_[hash >> 6 & 3] |= UINT64_C(1) << (hash & 63);
}

uint64_t WordList::count(const Census& census) const {
  std::vector<bool> met(hashes_.size());
  uint64_t count = 0;
  for (const CensusWord& word : census.words) {
    if ((filter_[word.hash >> 6 & 3] >> (word.hash & 63) & 1) == 0) continue;
    const auto found = std::lower_bound(hashes_.begin(), hashes_.end(), word.hash);
    if (found == hashes_.end() || *found != word.hash) continue;
    const auto at = static_cast<size_t>(found - hashes_.begin());
    if (met[at]) continue;
    met[at] = true;
    if (++count == hashes_.size()) break;
  }
  return count;
}

double Measures::operator[](Attribute attribute) {
  compute(info(attribute).group);
  return values_[static_cast<size_t>(attribute)];
}

const LineCounts& Measures::lines() {
  compute(Group::lines);
  return lines_;
}

void Measures::begin(std::string_view text) {
  const uint64_t hash = base::hash64(text);
  text_ = text;
  if (used_ && text.size() == size_ && hash == hash_) return;
  used_ = true;
  size_ = text.size();
  hash_ = hash;
  computed_ = 0;
  compute(Group::census);
}

void Measures::compute(Group group) {
  if ((computed_ & bit(group)) != 0) return;
  computed_ |= bit(group);
  switch (group) {
    case Group::census: from_census(); return;
    case Group::stop_words: set(Attribute::stop_words, static_cast<double>(default_stop_words(census_))); return;
    case Group::repetition: {
      const Repetition repetition = measure_repetition(census_);
      set(Attribute::repeated_lines, repetition.lines);
      set(Attribute::repeated_runs, repetition.five_grams);
      return;
    }
    case Group::lines: from_lines(); return;
    case Group::n_grams: from_n_grams(); return;
  }
}

void Measures::from_census() {
  take_census(text_, census_);
  uint64_t content = 0, content_characters = 0, alphabetic = 0, longest = 0;
  for (const CensusWord& word : census_.words) {
    alphabetic += word.letters;
    content += word.content;
    content_characters += word.content ? word.characters : 0;
    longest = std::max<uint64_t>(longest, word.characters);
  }
  const uint64_t words = census_.words.size();
  set(Attribute::characters, static_cast<double>(census_.characters));
  set(Attribute::words, static_cast<double>(words));
  set(Attribute::content_words, static_cast<double>(content));
  set(Attribute::characters_per_word, ratio(census_.characters, words));
  set(Attribute::mean_word_length, ratio(content_characters, content));
  set(Attribute::longest_word, static_cast<double>(longest));
  set(Attribute::letter_share, census_.letter_share());
  set(Attribute::digit_share, ratio(census_.digits, census_.characters));
  set(Attribute::symbol_share, ratio(census_.symbols, census_.characters));
  set(Attribute::hangul_share, ratio(census_.hangul, census_.characters));
  set(Attribute::alphabetic_word_share, ratio(alphabetic, words));
  set(Attribute::broken_word_share, ratio(census_.broken_words, words));
  set(Attribute::noisy_word_share, census_.noise_share());
  set(Attribute::stray_hangul_share, census_.stray_hangul_share());
  set(Attribute::common_syllable_share, ratio(census_.common_syllables, census_.hangul));
  set(Attribute::syllable_order, census_.syllable_order);
  set(Attribute::surprise, census_.surprise);
}

void Measures::from_lines() {
  count_lines(text_, lines_);
  const uint64_t words = census_.words.size();
  const auto few = static_cast<uint64_t>(std::count_if(lines_.filled_lengths.begin(), lines_.filled_lengths.end(),
                                                       [](uint32_t length) { return length <= kShortLine; }));
  set(Attribute::length, static_cast<double>(lines_.length));
  set(Attribute::lines, static_cast<double>(lines_.filled_lines));
  set(Attribute::paragraphs, static_cast<double>(lines_.paragraphs));
  set(Attribute::hashes_per_word, ratio(lines_.hashes, words));
  set(Attribute::ellipses_per_word, ratio(lines_.ellipses, words));
  set(Attribute::newlines_per_word, ratio(lines_.newlines, words));
  set(Attribute::bullet_line_share, ratio(lines_.bullet_lines, lines_.lines));
  set(Attribute::ellipsis_line_share, ratio(lines_.ellipsis_lines, lines_.lines));
  set(Attribute::punctuated_line_share, ratio(lines_.punctuated_lines, lines_.filled_lines));
  set(Attribute::short_line_share, ratio(few, lines_.filled_lines));
  set(Attribute::repeated_line_characters, ratio(lines_.duplicate_filled_characters, lines_.length - lines_.newlines));
  set(Attribute::duplicate_line_share, ratio(lines_.duplicate_pieces, lines_.pieces));
  set(Attribute::duplicate_line_characters, ratio(lines_.duplicate_piece_characters, lines_.length));
  set(Attribute::duplicate_paragraph_share, ratio(lines_.duplicate_paragraphs, lines_.paragraphs));
  set(Attribute::duplicate_paragraph_characters, ratio(lines_.duplicate_paragraph_characters, lines_.length));
}

void Measures::from_n_grams() {
  const NGramCounts counts = count_n_grams(census_.words);
  const auto length = static_cast<uint64_t>((*this)[Attribute::length]);
  const auto at = [](Attribute first, size_t i) { return static_cast<Attribute>(static_cast<size_t>(first) + i); };
  for (size_t i = 0; i < counts.top.size(); ++i) set(at(Attribute::top_2_gram, i), ratio(counts.top[i], length));
  for (size_t i = 0; i < counts.duplicates.size(); ++i) set(at(Attribute::duplicate_5_grams, i), ratio(counts.duplicates[i], length));
}

Measures& measures_of(std::string_view text) {
  thread_local Measures measures;
  measures.begin(text);
  return measures;
}

}  // namespace hone::corpus
