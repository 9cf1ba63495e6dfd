#pragma once
/// The `tokenizer` section: a vocabulary to load, or how to train one from the cleaned corpus.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/binder.h"

namespace hone::recipe {

enum class VocabularyType { unigram, bpe };
constexpr std::array<std::string_view, 2> names_of(VocabularyType) { return {"unigram", "bpe"}; }

struct TokenizerTrainingOptions {
  VocabularyType model_type = VocabularyType::unigram;
  int64_t vocab_size = 8000;
  double character_coverage = 0.9995;
  bool byte_fallback = true;
  bool split_digits = true;
  std::vector<std::string> user_defined_symbols;
  int64_t max_training_bytes = 8'000'000;  ///< Text beyond this is sampled, evenly over the corpus.
};

struct TokenizerOptions {
  std::string path;  ///< tokenizer.model or tokenizer.json, or a folder that holds one; empty: the base model's, else one is trained.
  TokenizerTrainingOptions train;
  std::vector<std::string> add_tokens;  ///< Terms and placeholders that become one token each, behind the vocabulary that is loaded.
};

void describe(Binder& bind, TokenizerTrainingOptions& options);
void describe(Binder& bind, TokenizerOptions& options);

}  // namespace hone::recipe
