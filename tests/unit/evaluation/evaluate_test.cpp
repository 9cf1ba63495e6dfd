#include "evaluation/evaluate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numbers>

#include "artifact/names.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"
#include "base/lines.h"
#include "dataset/tokenize.h"
#include "evaluation/held_out.h"
#include "model/forward.h"
#include "model/load.h"
#include "support/shared.h"

namespace hone::evaluation {
namespace {

using nlohmann::json;

std::unique_ptr<tokenizer::Tokenizer> small_tokenizer() {
  return tokenizer::load_tokenizer(test::source() / "tests" / "fixtures" / "tokenizer" / "unigram.model");
}

formats::ModelConfig small_config(int64_t vocabulary) {
  formats::ModelConfig config;
  config.vocabulary_size = vocabulary;
  config.hidden_size = 16;
  config.intermediate_size = 32;
  config.layers = 1;
  config.heads = config.kv_heads = 2;
  config.head_dim = 8;
  config.max_positions = 64;
  config.tied_embeddings = true;
  return config;
}

/// `documents` pieces of the fixture's text, every third one held out.
std::vector<corpus::CleanDocument> made_documents(int documents) {
  const std::string text =
      base::read_file(test::source() / "tests" / "fixtures" / "tokenizer" / "training.txt");
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  std::vector<corpus::CleanDocument> made;
  for (int i = 0; i < documents; ++i) {
    corpus::CleanDocument document;
    document.id = "doc-" + std::to_string(i);
    document.source = i % 2 == 0 ? "even" : "odd";
    document.language = i % 4 == 0 ? "ko" : "en";
    document.side = i % 3 == 0 ? corpus::Side::validation : corpus::Side::train;
    for (int line = 0; line <= i % 5; ++line)
      document.text += lines[static_cast<size_t>(i + line) % lines.size()] + "\n";
    made.push_back(document);
  }
  return made;
}

void write_shards(const tokenizer::Tokenizer& tokenizer, const std::vector<corpus::CleanDocument>& documents,
                  const std::filesystem::path& folder) {
  size_t next = 0;
  dataset::tokenize(tokenizer,
                    [&]() -> std::optional<corpus::CleanDocument> {
                      if (next == documents.size()) return std::nullopt;
                      return documents[next++];
                    },
                    folder, {.threads = 1});
}

/// The stage over made documents; base and tuned are random weights of two seeds.
struct Stage {
  test::TempDir folder{"hone-evaluation"};
  std::unique_ptr<tokenizer::Tokenizer> tokenizer = small_tokenizer();
  EvaluationInputs inputs;

  explicit Stage(int documents, uint64_t tuned_seed = 2) {
    std::filesystem::create_directory(folder / "tokens");
    write_shards(*tokenizer, made_documents(documents), folder / "tokens");
    inputs.tokens = folder / "tokens";
    inputs.tokenizer = tokenizer.get();
    inputs.context = 32;
    inputs.options.bootstrap_draws = 200;
    inputs.options.samples = {.count = 2, .prompt_tokens = 4, .max_tokens = 6};
    const auto load = [this](uint64_t seed) {
      return
          [this, seed] { return model::random_model(small_config(tokenizer->vocabulary_size()), seed, {}); };
    };
    inputs.load_base = load(1);
    inputs.load_tuned = load(tuned_seed);
  }

  EvaluationResult into(const char* name) {
    std::filesystem::create_directory(folder / name);
    return evaluate(inputs, folder / name);
  }
  std::string file(const char* name, const char* what) { return base::read_file(folder / name / what); }
};

TEST(Evaluate, EqualInputsGiveEqualFacts) {
  Stage run(40);
  run.into("first");
  run.into("second");
  for (const char* name :
       {artifact::kFacts, artifact::kResults, artifact::kDocuments, "samples/continuations.jsonl"})
    EXPECT_EQ(run.file("first", name), run.file("second", name)) << name;
}

TEST(Evaluate, FiguresOfPartsAddUpToTheWhole) {
  Stage run(40);
  const json domain = run.into("out").facts["domain"];
  for (const char* part : {"by_source", "by_language"}) {
    for (const char* scorer : {"base", "tuned", "ngram"}) {
      double nll = 0;
      int64_t bytes = 0, tokens = 0, documents = 0;
      for (const json& group : domain[part]) {
        nll += group[scorer]["nll_sum"].get<double>();
        bytes += group["bytes"].get<int64_t>();
        tokens += group["tokens"].get<int64_t>();
        documents += group["documents"].get<int64_t>();
      }
      EXPECT_NEAR(nll, domain["all"][scorer]["nll_sum"].get<double>(), 1e-9 * nll);
      EXPECT_EQ(bytes, domain["all"]["bytes"].get<int64_t>());
      EXPECT_EQ(tokens, domain["all"]["tokens"].get<int64_t>());
      EXPECT_EQ(documents, 14);  // of 40, every third
      EXPECT_NEAR(nll / std::numbers::ln2 / static_cast<double>(bytes),
                  domain["all"][scorer]["bits_per_byte"].get<double>(), 1e-12);
    }
  }
}

TEST(Evaluate, DocumentsFileHoldsWhatTheFiguresAreMadeOf) {
  Stage run(40);
  const json all = run.into("out").facts["domain"]["all"];
  base::LineReader lines(run.folder / "out" / artifact::kDocuments);
  double tuned = 0;
  int64_t bytes = 0;
  while (const auto line = lines.next()) {
    const json document = json::parse(*line);
    tuned += document["nll"]["tuned"].get<double>();
    bytes += document["bytes"].get<int64_t>();
  }
  EXPECT_NEAR(tuned, all["tuned"]["nll_sum"].get<double>(), 1e-9 * tuned);
  EXPECT_EQ(bytes, all["bytes"].get<int64_t>());
}

TEST(Evaluate, AllThreePredictTheSameTokens) {
  Stage run(40);
  HeldOut held_out(dataset::ShardSet::open(run.inputs.tokens, "validation"), 0);
  for (uint64_t i = 0; i < held_out.scores().size(); ++i)
    EXPECT_EQ(held_out.predicted(i) + 1, static_cast<int64_t>(held_out.sequence(i).size()));
}

TEST(Evaluate, ScoresDoNotDependOnWhichDocumentsShareABatch) {
  Stage run(40);
  const auto shards = dataset::ShardSet::open(run.inputs.tokens, "validation");
  const model::Model model = run.inputs.load_base();
  HeldOut together(shards, 0);
  score(together, model, kBase, 32);
  HeldOut some(shards, 5);
  score(some, model, kBase, 32);
  for (const DocumentScore& one : some.scores()) {
    for (const DocumentScore& other : together.scores()) {
      if (one.ordinal != other.ordinal) continue;
      EXPECT_NEAR(one.nll[kBase], other.nll[kBase], 1e-5 * one.nll[kBase]);
    }
  }
}

TEST(Evaluate, ModelThatIsTheSameIsNotPromoted) {
  Stage run(60, /*tuned_seed=*/1);
  const EvaluationResult result = run.into("out");
  EXPECT_EQ(result.decision.verdict, tasks::Verdict::reject);
  EXPECT_EQ(result.facts["verdict"], "REJECT");
}

TEST(Evaluate, FewDocumentsAreInconclusive) {
  Stage run(9);
  const EvaluationResult result = run.into("out");
  EXPECT_EQ(result.decision.verdict, tasks::Verdict::inconclusive);
  EXPECT_EQ(result.facts["gates"][0]["reason"], "too_few_documents");
}

TEST(Evaluate, NothingHeldOutIsInconclusiveAndNoModelIsLoaded) {
  Stage run(1);  // document 0 is held out; leave it without text to be scored
  std::filesystem::remove_all(run.folder / "tokens");
  std::filesystem::create_directory(run.folder / "tokens");
  auto documents = made_documents(4);
  for (auto& document : documents) document.side = corpus::Side::train;
  write_shards(*run.tokenizer, documents, run.folder / "tokens");
  run.inputs.load_base = run.inputs.load_tuned = []() -> model::Model { throw std::logic_error("loaded"); };
  const EvaluationResult result = run.into("out");
  EXPECT_EQ(result.decision.verdict, tasks::Verdict::inconclusive);
  EXPECT_EQ(result.facts["gates"][0]["reason"], "not_measured");
  EXPECT_TRUE(std::filesystem::exists(run.folder / "out" / artifact::kResults));
}

TEST(Evaluate, BrokenWeightsAreNamedAndNotScored) {
  Stage run(20);
  run.inputs.load_tuned = [&run] {
    model::Model model = run.inputs.load_base();
    model.norm.fill_(std::nan(""));
    return model;
  };
  try {
    run.into("out");
    FAIL() << "NaN was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::diverged);
    EXPECT_NE(std::string(error.what()).find("doc-"), std::string::npos) << error.what();
  }
}

TEST(Evaluate, ResultsFileHasTheShapeOfTheHarness) {
  Stage run(40);
  run.into("out");
  const json results = base::read_json(run.folder / "out" / artifact::kResults);
  for (const char* key : {"results", "groups", "group_subtasks", "configs", "versions", "n-shot",
                          "higher_is_better", "n-samples"})
    EXPECT_TRUE(results.contains(key)) << key;
  const json domain = results["results"]["domain"];
  EXPECT_NEAR(domain["byte_perplexity,none"].get<double>(),
              std::exp2(domain["bits_per_byte,none"].get<double>()), 1e-9);
  EXPECT_EQ(domain["bits_per_byte_stderr,none"], "N/A");
}

/// Figures computed with PyTorch and transformers, one window a document:
/// shared/models/base-12m/reference.json.
TEST(Evaluate, BitsPerByteOfAReferenceModelAgreeWithTransformers) {
  const auto shared = test::shared();
  if (!shared) GTEST_SKIP() << "no reference model: set HONE_SHARED";
  const auto folder = *shared / "models" / "base-12m";
  const json reference = base::read_json(folder / "reference.json");
  const auto tokenizer = tokenizer::load_tokenizer(folder);
  std::vector<corpus::CleanDocument> documents;
  for (const json& expected : reference["documents"]) {
    corpus::CleanDocument document;
    document.id = expected["file"];
    document.source = "reference";
    document.language = "und";
    document.side = corpus::Side::validation;
    document.text = base::read_file(*shared / "corpora" / document.id);
    documents.push_back(document);
  }
  test::TempDir tokens("hone-reference");
  write_shards(*tokenizer, documents, tokens.path());
  HeldOut held_out(dataset::ShardSet::open(tokens.path(), "validation"), 0);
  ASSERT_EQ(held_out.scores().size(), documents.size());
  score(held_out, model::load_model(folder, {}), kBase, 1024);
  for (size_t i = 0; i < documents.size(); ++i) {
    const json& expected = reference["documents"][i];
    const DocumentScore& scored = held_out.scores()[i];
    EXPECT_EQ(scored.tokens, expected["tokens_predicted"].get<int64_t>()) << documents[i].id;
    EXPECT_EQ(scored.bytes, expected["bytes"].get<int64_t>()) << documents[i].id;
    const double nll = expected["nll_sum"];
    EXPECT_NEAR(scored.nll[kBase], nll, 1e-4 * nll) << documents[i].id;  // the tolerance of its README
  }
}

}  // namespace
}  // namespace hone::evaluation
