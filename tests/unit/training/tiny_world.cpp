#include "tests/unit/training/tiny_world.h"

#include "base/random.h"
#include "dataset/shard_writer.h"

namespace hone::test {
namespace fs = std::filesystem;

namespace {

/// Counting up in steps of 1 to 3 from somewhere: the next token follows from the two before it.
dataset::TokenizedDocument tiny_document(const std::string& split, int number, bool masked) {
  base::RandomStream random(11, split, 0, static_cast<uint64_t>(number));
  dataset::TokenizedDocument document{
      .id = split + "-" + std::to_string(number), .source = "tiny", .language = "en"};
  const auto start = static_cast<int32_t>(random.below(kTinyVocabulary)),
             stride = static_cast<int32_t>(1 + random.below(3));
  const auto length = static_cast<int32_t>(3 + random.below(38));
  for (int32_t i = 0; i < length; ++i) document.tokens.push_back((start + i * stride) % kTinyVocabulary);
  if (masked) document.mask.assign(document.tokens.size(), 0);
  document.text_bytes = document.text_characters = document.tokens.size();
  return document;
}

void write_split(const fs::path& folder, const std::string& split, int documents, bool masked) {
  dataset::ShardWriter writer(folder, split,
                              {.vocabulary_size = kTinyVocabulary, .tokenizer_sha256 = std::string(64, '0')});
  for (int i = 0; i < documents; ++i) writer.add(tiny_document(split, i, masked));
  writer.close();
}

std::unique_ptr<dataset::Loader> load(const fs::path& folder, const std::string& split,
                                      const recipe::TrainingOptions& options, dataset::Order order) {
  const bool automatic = options.micro_batch_size == 0;  // as plan::loader_options has it
  return std::make_unique<dataset::Loader>(
      dataset::ShardSet::open(folder, split),
      dataset::LoaderOptions{.sequence_len = options.sequence_len,
                             .micro_batch_size = automatic ? options.gradient_accumulation_steps : options.micro_batch_size,
                             .gradient_accumulation_steps = automatic ? 1 : options.gradient_accumulation_steps,
                             .sample_packing = options.sample_packing,
                             .order = order,
                             .seed = 7});
}

}  // namespace

void write_tiny_shards(const fs::path& folder, int documents) {
  fs::create_directories(folder);
  write_split(folder, "train", documents, false);
  write_split(folder, "validation", std::max(2, documents / 8), false);
}

formats::ModelConfig tiny_shape() {
  formats::ModelConfig config;
  config.vocabulary_size = kTinyVocabulary;
  config.hidden_size = 16;
  config.intermediate_size = 40;
  config.layers = 2;
  config.heads = 2;
  config.kv_heads = 1;
  config.head_dim = 8;
  config.max_positions = 64;
  config.initializer_range = 0.1;
  config.tied_embeddings = true;
  return config;
}

recipe::TrainingOptions tiny_training() {
  recipe::TrainingOptions options;
  options.sequence_len = 16;
  options.micro_batch_size = 2;
  options.gradient_accumulation_steps = 3;
  options.num_epochs = 4;
  options.learning_rate = 1e-2;
  options.threads = 1;
  return options;
}

TinyRun::TinyRun(const fs::path& folder, TinyOptions options)
    : setup{.options = options.training,
            .run = {folder / "run"},
            .inputs = {{"seed", 7}, {"training", {{"learning_rate", options.training.learning_rate}}}},
            .seed = 7},
      model(model::random_model(tiny_shape(), 5, {.dtype = options.dtype})) {
  const fs::path tokens = folder / "tokens";
  if (!fs::exists(tokens)) {
    write_tiny_shards(tokens, options.documents);
    if (options.masked) write_split(tokens, "train", options.documents, true);
  }
  training_data = load(tokens, "train", options.training, dataset::Order::shuffled);
  validation_data = load(tokens, "validation", options.training, dataset::Order::sequential);
}

training::TrainResult TinyRun::train() {
  return training::train(setup, model, *training_data, validation_data.get());
}

void TinyRun::stop_after(int64_t steps) {
  // Asked once a validation batch and once a step; only the latter are counted.
  const auto asked = std::make_shared<int64_t>(0);
  setup.on_step = [asked](const training::StepRecord&) { ++*asked; };
  setup.stop_requested = [asked, steps] { return *asked >= steps; };
}

}  // namespace hone::test
