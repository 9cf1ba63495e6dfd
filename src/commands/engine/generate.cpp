/// `hone generate MODEL --prompt …`: continues a text, printing it as it is written.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <iterator>

#include "artifact/names.h"
#include "base/error.h"
#include "base/json_file.h"
#include "base/log.h"
#include "base/stop.h"
#include "commands/engine/engine.h"
#include "commands/engine/model_place.h"
#include "model/generate.h"
#include "model/load.h"
#include "tensor/device.h"
#include "tokenizer/stream_decoder.h"
#include "tokenizer/tokenizer.h"

namespace hone::commands {

namespace {

std::string read_prompt(const Arguments& arguments) {
  if (!arguments.has("prompt")) throw Error(ExitCode::usage, "hone generate needs --prompt TEXT, or --prompt - to read standard input");
  if (arguments.text("prompt") != "-") return arguments.text("prompt");
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

std::vector<int32_t> prompt_ids(const tokenizer::Tokenizer& vocabulary, const std::string& prompt) {
  std::vector<int32_t> ids;
  if (vocabulary.adds_bos()) ids.push_back(vocabulary.bos_id());
  const std::vector<int32_t> text = vocabulary.encode(prompt);
  ids.insert(ids.end(), text.begin(), text.end());
  if (ids.empty() && vocabulary.eos_id() >= 0) ids.push_back(vocabulary.eos_id());
  return ids;
}

}  // namespace

ExitCode generate(const Arguments& arguments) {
  const ModelPlace place = find_model(arguments.positional[0], arguments.runs);
  const auto vocabulary = tokenizer::load_tokenizer(place.vocabulary);
  const std::string prompt = read_prompt(arguments);
  model::GenerateOptions options;
  options.max_new_tokens = arguments.integer("max-tokens", 128, 1, 1'000'000);
  options.temperature = arguments.number("temperature", 0.0, 0.0, 100.0);
  options.top_p = arguments.number("top-p", 1.0, 1e-6, 1.0);
  options.vocabulary_size = vocabulary->vocabulary_size();
  options.seed = static_cast<uint64_t>(arguments.integer("seed", 0, 0, INT64_MAX));
  tensor::prepare_process(0);
  model::LoadOptions loading;
  loading.device = tensor::choose_device(arguments.text("device", "auto"));
  const model::Model model = model::load_model(place.weights, loading);

  const bool show_ids = arguments.has("ids");
  tokenizer::StreamDecoder decoder(*vocabulary, tokenizer::StreamDecoder::Start::inside);
  const auto show = [&](int32_t id) {
    if (show_ids) std::cout << id << "\n" << std::flush;
    else std::cout << decoder.add(id) << std::flush;
    return !base::stop_requested() && std::cout.good();
  };
  if (!show_ids) std::cout << prompt << std::flush;
  const model::Generated written = model::generate(model, prompt_ids(*vocabulary, prompt), options, show);
  if (!show_ids) std::cout << decoder.finish() << "\n";
  if (written.reason == model::StopReason::context) base::say("stopped: the model's context is full");
  if (written.reason == model::StopReason::cancelled && std::cout.good()) return ExitCode::stopped;
  return ExitCode::done;
}

}  // namespace hone::commands
