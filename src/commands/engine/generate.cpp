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
#include "tensor/device.h"
#include "tokenizer/chat_template.h"
#include "tokenizer/chat_template_files.h"
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

/// An id without a row would be found out in the middle of a text, or not at all.
void require_rows(const model::Model& model, const tokenizer::Tokenizer& vocabulary) {
  if (vocabulary.vocabulary_size() > model.config.vocabulary_size)
    throw Error(ExitCode::data, fmt::format("the vocabulary has {} pieces, the model {} rows: they do not belong together; put the model's own vocabulary beside it",
                                            vocabulary.vocabulary_size(), model.config.vocabulary_size));
}

/// The conversation so far, as the model's template writes it.
std::vector<int32_t> chat_ids(const tokenizer::Tokenizer& vocabulary, const ModelPlace& place, const Arguments& arguments, const std::string& prompt) {
  const auto found = tokenizer::find_chat_template(arguments.text("chat-template", ""), vocabulary_of(place));
  if (!found) throw Error(ExitCode::data, vocabulary_of(place).string() + " brings no chat template; name one with --chat-template");
  std::vector<tokenizer::ChatMessage> messages;
  if (arguments.has("system")) messages.push_back({.role = "system", .content = arguments.text("system"), .input = {}});
  messages.push_back({.role = "user", .content = prompt, .input = {}});
  return tokenizer::ChatTemplate(found->text, found->where, vocabulary).encode_prompt(messages);
}

}  // namespace

ExitCode generate(const Arguments& arguments) {
  const ModelPlace place = find_model(arguments);
  const auto vocabulary = tokenizer::load_tokenizer(vocabulary_of(place));
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
  const model::Model model = load(place, loading);
  require_rows(model, *vocabulary);

  const bool show_ids = arguments.has("ids");
  tokenizer::StreamDecoder decoder(*vocabulary, tokenizer::StreamDecoder::Start::inside);
  const auto show = [&](int32_t id) {
    if (show_ids) std::cout << id << "\n" << std::flush;
    else std::cout << decoder.add(id) << std::flush;
    return !base::stop_requested() && std::cout.good();
  };
  const bool chat = arguments.has("chat");
  if (!chat)
    for (const char* option : {"system", "chat-template"})
      if (arguments.has(option)) throw Error(ExitCode::usage, fmt::format("--{} goes with --chat", option));
  const std::vector<int32_t> ids = chat ? chat_ids(*vocabulary, place, arguments, prompt) : prompt_ids(*vocabulary, prompt);
  if (!show_ids && !chat) std::cout << prompt << std::flush;
  const model::Generated written = model::generate(model, ids, options, show);
  if (!show_ids) std::cout << decoder.finish() << "\n";
  if (written.reason == model::StopReason::context) base::say("stopped: the model's context is full");
  if (written.reason == model::StopReason::cancelled && std::cout.good()) return ExitCode::stopped;
  return ExitCode::done;
}

}  // namespace hone::commands
