#include "recipe/tokenizer.h"

namespace hone::recipe {

void describe(Binder& bind, TokenizerTrainingOptions& options) {
  bind("model_type", options.model_type, "SentencePiece algorithm");
  bind("vocab_size", options.vocab_size, "pieces, special ones included").in("pieces").range(300, 1'000'000).also({"vocabulary_size"});
  bind("character_coverage", options.character_coverage, "share of characters that get a piece of their own").range(0.98, 1.0);
  bind("byte_fallback", options.byte_fallback, "write characters without a piece as bytes instead of <unk>");
  bind("split_digits", options.split_digits, "every digit is a piece of its own");
  bind("user_defined_symbols", options.user_defined_symbols, "strings that always stay one piece");
  bind("max_training_bytes", options.max_training_bytes, "text used to learn the vocabulary; more is sampled evenly").in("bytes").at_least(1000);
}

void describe(Binder& bind, TokenizerOptions& options) {
  bind("path", options.path, "tokenizer.model, tokenizer.json, or a folder that holds one; by default the base model's").path();
  bind.section("train", options.train, "train a vocabulary from the cleaned corpus");
  bind("add_tokens", options.add_tokens,
       "terms and placeholders that become one token each; their embeddings start as the mean of the pieces they were written with");
}

}  // namespace hone::recipe
