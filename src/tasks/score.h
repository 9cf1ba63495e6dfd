#pragma once
/// How well a model predicts text: sums of negative log-likelihood, and the figures people know, by formula.
///   loss          = nll_sum / tokens                    nats a token; depends on the tokenizer
///   perplexity    = exp(loss)                           depends on the tokenizer
///   bits per byte = nll_sum / (ln 2 · bytes)            comparable across tokenizers
/// nll_sum = Σ -ln p(token | what came before it in its window), over the ids of each document and its end
/// mark; bytes are those of the document's cleaned UTF-8 text. Sums are added, ratios never averaged. Same
/// definition as bits_per_byte of lm-evaluation-harness (tasks of output type loglikelihood_rolling).
#include <cstdint>

namespace hone::tasks {

struct Score {
  double nll_sum = 0;  ///< Nats.
  int64_t tokens = 0;  ///< Predicted tokens.
  int64_t bytes = 0;
  int64_t documents = 0;

  Score& operator+=(const Score& other);
};

/// Each is NaN when its divisor is zero: nothing was measured.
double loss_per_token(const Score& score);
double perplexity(const Score& score);
double bits_per_byte(const Score& score);

}  // namespace hone::tasks
