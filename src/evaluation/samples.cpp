#include "evaluation/samples.h"

#include <algorithm>
#include <nlohmann/json.hpp>

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

}  // namespace

std::vector<Sample> choose_samples(const HeldOut& held_out, const recipe::SampleOptions& options,
                                   int64_t context, const tokenizer::Tokenizer& tokenizer) {
  const int64_t opening = held_out.prefix() >= 0 ? 1 : 0;
  const int64_t prompt_tokens = std::min(options.prompt_tokens + opening, context - 1);
  std::vector<uint64_t> long_enough;
  for (uint64_t index = 0; index < held_out.scores().size(); ++index)
    if (held_out.predicted(index) > prompt_tokens) long_enough.push_back(index);
  const uint64_t take = std::min<uint64_t>(long_enough.size(), static_cast<uint64_t>(options.count));
  std::vector<Sample> samples;
  for (uint64_t i = 0; i < take; ++i) {
    const uint64_t index = long_enough[i * long_enough.size() / take];
    const std::vector<int32_t> sequence = held_out.sequence(index);
    const std::span ids(sequence);
    const auto prompt = ids.first(static_cast<size_t>(prompt_tokens));
    const auto rest = ids.subspan(prompt.size());
    const auto truth = rest.first(std::min(rest.size(), static_cast<size_t>(options.max_tokens)));
    const auto document = held_out.shards().document(held_out.scores()[index].ordinal);
    samples.push_back({std::string(document.id),
                       std::string(document.source),
                       std::string(document.language),
                       {prompt.begin(), prompt.end()},
                       tokenizer.decode(prompt),
                       continuation(truth, tokenizer),
                       {},
                       {}});
  }
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
