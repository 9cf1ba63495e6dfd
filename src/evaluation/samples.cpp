#include "evaluation/samples.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>

#include "base/files.h"
#include "base/progress.h"
#include "base/stop.h"
#include "model/generate.h"
#include "tokenizer/stream_decoder.h"

namespace hone::evaluation {

namespace {

/// Text that `ids` add after a prompt: spaces between the two are kept.
std::string continuation(std::span<const int32_t> ids, const tokenizer::Tokenizer& tokenizer) {
  tokenizer::StreamDecoder decoder(tokenizer, tokenizer::StreamDecoder::Start::inside);
  std::string text;
  for (const int32_t id : ids) text += decoder.add(id);
  return text + decoder.finish();
}

/// Where a document is cut into what is shown and what is to be written.
struct Cut {
  uint64_t index = 0;       ///< In HeldOut::scores().
  size_t prompt = 0;        ///< Tokens of the sequence.
  size_t end = 0;           ///< Of the true continuation.
  bool conversation = false;
};

/// Nothing when the document is too short, or its prompt too long for the models.
std::optional<Cut> cut_of(const HeldOut& held_out, uint64_t index, int64_t opening_tokens, int64_t context) {
  const std::vector<uint8_t> counted = held_out.counted(index);
  if (counted.empty()) {
    if (held_out.predicted(index) <= opening_tokens) return std::nullopt;
    return Cut{index, static_cast<size_t>(opening_tokens), held_out.sequence(index).size(), false};
  }
  size_t end = counted.size();
  while (end > 0 && counted[end - 1] == 0) --end;
  size_t begin = end;
  while (begin > 0 && counted[begin - 1] != 0) --begin;
  if (begin == 0 || begin == end || static_cast<int64_t>(begin) >= context) return std::nullopt;
  return Cut{index, begin, end, true};
}

Sample sample_of(const HeldOut& held_out, const Cut& cut, int64_t max_tokens, const tokenizer::Tokenizer& tokenizer) {
  const std::vector<int32_t> sequence = held_out.sequence(cut.index);
  const std::span prompt = std::span(sequence).first(cut.prompt), rest = std::span(sequence).subspan(cut.prompt, cut.end - cut.prompt);
  const auto document = held_out.shards().document(held_out.scores()[cut.index].ordinal);
  return {std::string(document.id),
          std::string(document.source),
          std::string(document.language),
          {prompt.begin(), prompt.end()},
          cut.conversation ? tokenizer.decode_markup(prompt) : tokenizer.decode(prompt),
          continuation(rest.first(std::min(rest.size(), static_cast<size_t>(max_tokens))), tokenizer),
          {},
          {}};
}

}  // namespace

std::vector<Sample> choose_samples(const HeldOut& held_out, const recipe::SampleOptions& options,
                                   int64_t context, const tokenizer::Tokenizer& tokenizer) {
  const int64_t opening = held_out.prefix() >= 0 ? 1 : 0;
  const int64_t opening_tokens = std::min(options.prompt_tokens + opening, context - 1);
  std::vector<Cut> fitting;
  for (uint64_t index = 0; index < held_out.scores().size(); ++index)
    if (const auto cut = cut_of(held_out, index, opening_tokens, context)) fitting.push_back(*cut);
  const uint64_t take = std::min<uint64_t>(fitting.size(), static_cast<uint64_t>(options.count));
  std::vector<Sample> samples;
  for (uint64_t i = 0; i < take; ++i)
    samples.push_back(sample_of(held_out, fitting[i * fitting.size() / take], options.max_tokens, tokenizer));
  return samples;
}

void continue_samples(std::vector<Sample>& samples, std::string Sample::*field, const model::Model& model,
                      const recipe::SampleOptions& options, const tokenizer::Tokenizer& tokenizer) {
  if (samples.empty()) return;
  base::Progress progress("writing samples", samples.size(), "samples");
  model::GenerateOptions generate;
  generate.vocabulary_size = tokenizer.vocabulary_size();
  generate.max_new_tokens = options.max_tokens;
  // A model's own config may not know the end mark of a vocabulary trained here.
  if (tokenizer.eos_id() >= 0) generate.stop_ids.push_back(tokenizer.eos_id());
  for (size_t i = 0; i < samples.size(); ++i) {
    base::throw_if_stopped();
    samples[i].*field = continuation(model::generate(model, samples[i].prompt_ids, generate).ids, tokenizer);
    progress.update(i + 1);
  }
  progress.finish();
}

void write_samples(const std::vector<Sample>& samples, const std::filesystem::path& file) {
  std::string lines;
  for (const Sample& sample : samples) {
    const nlohmann::json line = {
        {"id", sample.id},         {"source", sample.source}, {"language", sample.language},
        {"prompt", sample.prompt}, {"truth", sample.truth},   {"base", sample.base},
        {"tuned", sample.tuned}};
    lines += line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  }
  base::write_file(file, lines);
}

}  // namespace hone::evaluation
