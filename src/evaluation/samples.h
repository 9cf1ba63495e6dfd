#pragma once
/// What the models write when they are given the beginning of a held-out document, for people to read.
/// Greedy: the same text every time. Of instruction data the beginning is all before the last trained turn, with the
/// template's marks as they are spelled, and the true continuation is that turn.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "evaluation/held_out.h"
#include "model/model.h"
#include "recipe/evaluation.h"
#include "tokenizer/tokenizer.h"

namespace hone::evaluation {

struct Sample {
  std::string id, source, language;
  std::vector<int32_t> prompt_ids;
  std::string prompt;
  std::string truth;  ///< As the document goes on, cut to as many tokens as the models may write.
  std::string base;   ///< Empty when the base was not asked.
  std::string tuned;
};

/// Documents spread evenly over those that go on after the prompt; fewer than asked when there are fewer.
std::vector<Sample> choose_samples(const HeldOut& held_out, const recipe::SampleOptions& options,
                                   int64_t context, const tokenizer::Tokenizer& tokenizer);

/// Lets the model continue every prompt; the text goes into `field` of each sample.
void continue_samples(std::vector<Sample>& samples, std::string Sample::*field, const model::Model& model,
                      const recipe::SampleOptions& options, const tokenizer::Tokenizer& tokenizer);

/// One JSON object a line: {"id", "source", "language", "prompt", "truth", "base", "tuned"}.
void write_samples(const std::vector<Sample>& samples, const std::filesystem::path& file);

}  // namespace hone::evaluation
