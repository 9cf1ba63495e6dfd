#pragma once
/// Every figure a rule can judge a text by, under one name each: the names that ledgers (findings), rules of an organisation's
/// own and docs/cleaning-attributes.md use.
///
/// Measures are computed in groups when one of them is first asked for, and once for a version of a text: the rules that judge
/// the same text on the same thread share them.
#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/census.h"
#include "corpus/outcome.h"
#include "corpus/text_lines.h"

namespace hone::corpus {

enum class Attribute : uint8_t {
  characters,
  length,
  words,
  content_words,
  characters_per_word,
  mean_word_length,
  longest_word,
  letter_share,
  digit_share,
  symbol_share,
  hangul_share,
  alphabetic_word_share,
  broken_word_share,
  noisy_word_share,
  stray_hangul_share,
  common_syllable_share,
  syllable_order,
  surprise,
  stop_words,
  repeated_lines,
  repeated_runs,
  lines,
  paragraphs,
  hashes_per_word,
  ellipses_per_word,
  newlines_per_word,
  bullet_line_share,
  ellipsis_line_share,
  punctuated_line_share,
  short_line_share,
  repeated_line_characters,
  duplicate_line_share,
  duplicate_line_characters,
  duplicate_paragraph_share,
  duplicate_paragraph_characters,
  top_2_gram,
  top_3_gram,
  top_4_gram,
  duplicate_5_grams,
  duplicate_6_grams,
  duplicate_7_grams,
  duplicate_8_grams,
  duplicate_9_grams,
  duplicate_10_grams,
};
inline constexpr size_t kAttributes = static_cast<size_t>(Attribute::duplicate_10_grams) + 1;

enum class MeasureGroup : uint8_t { census, stop_words, repetition, lines, n_grams };

struct AttributeInfo {
  std::string_view name, unit, meaning;
  MeasureGroup group;
};

/// By value of Attribute.
std::span<const AttributeInfo, kAttributes> attributes();
const AttributeInfo& info(Attribute attribute);
std::optional<Attribute> find_attribute(std::string_view name);
std::vector<std::string> attribute_names();
/// docs/cleaning-attributes.md.
std::string attributes_markdown();

/// The different words of a list that a text has.
class WordList {
 public:
  explicit WordList(const std::vector<std::string>& words);
  uint64_t count(const Census& census) const;

 private:
  std::vector<uint64_t> hashes_;  ///< Sorted.
  std::array<uint64_t, 4> filter_{};
};

class Measures {
 public:
  double operator[](Attribute attribute);
  const Census& census() const { return census_; }
  const LineCounts& lines();
  Finding finding(Attribute attribute) { return {info(attribute).name, (*this)[attribute]}; }

 private:
  friend Measures& measures_of(std::string_view text);
  void begin(std::string_view text);
  void compute(MeasureGroup group);
  void from_census();
  void from_lines();
  void from_n_grams();
  void set(Attribute attribute, double value) { values_[static_cast<size_t>(attribute)] = value; }

  std::string_view text_;  ///< Valid while the caller of measures_of() holds its text.
  size_t size_ = 0;
  uint64_t hash_ = 0;
  uint8_t computed_ = 0;  ///< Bits by MeasureGroup.
  bool used_ = false;
  Census census_;
  LineCounts lines_;
  std::array<double, kAttributes> values_{};
};

/// The measures of a text, kept for the thread's next question about the same text. Not to be held beyond the life of `text`.
Measures& measures_of(std::string_view text);

}  // namespace hone::corpus
