#include "corpus/review.h"

#include <fmt/format.h>

#include <algorithm>
#include <queue>
#include <unordered_map>

#include "artifact/manifest.h"
#include "artifact/names.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/json_file.h"
#include "base/lines.h"
#include "corpus/residual.h"

namespace hone::corpus {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr size_t kIdDigits = 16;

struct Drawn {
  uint64_t key = 0;
  CleanDocument document;
  bool operator<(const Drawn& other) const { return key != other.key ? key < other.key : document.id < other.document.id; }
};

/// The documents with the smallest keys, ascending; counts all that fit.
std::vector<Drawn> draw(const fs::path& corpus, const SampleOptions& options, uint64_t& population) {
  std::priority_queue<Drawn> largest_first;
  DocumentReader documents(corpus);
  while (auto document = documents.next()) {
    if (!options.source.empty() && document->source != options.source) continue;
    if (!options.language.empty() && document->language != options.language) continue;
    ++population;
    Drawn drawn{base::hash64("review/" + document->id, options.seed), std::move(*document)};
    if (largest_first.size() < options.size) {
      largest_first.push(std::move(drawn));
    } else if (drawn < largest_first.top()) {
      largest_first.pop();
      largest_first.push(std::move(drawn));
    }
  }
  std::vector<Drawn> result;
  for (; !largest_first.empty(); largest_first.pop()) result.push_back(largest_first.top());
  std::reverse(result.begin(), result.end());
  return result;
}

/// Spans of the ledger for some documents, in the documents' order.
std::vector<std::vector<LedgerSpan>> spans_of(const fs::path& corpus, const std::vector<Drawn>& drawn) {
  std::unordered_map<std::string, size_t> places;
  for (size_t i = 0; i < drawn.size(); ++i) places[drawn[i].document.id] = i;
  std::vector<std::vector<LedgerSpan>> spans(drawn.size());
  const fs::path file = corpus / artifact::kLedger;
  base::LineReader reader(file);
  while (const auto text = reader.next()) {
    if (text->find("\"spans\":[{") == std::string::npos) continue;
    const json line = base::parse_json(*text, fmt::format("{}:{}", file.string(), reader.line_number()));
    const auto place = places.find(line.value("id", ""));
    if (place != places.end()) add_spans(line, spans[place->second]);
  }
  return spans;
}

std::string name_of_sample(const ReviewSample& sample) {
  json ids = json::array();
  for (const SampledDocument& sampled : sample.documents) ids.push_back(sampled.document.id);
  return base::sha256(json{{"corpus", sample.corpus},
                           {"seed", sample.options.seed},
                           {"size", sample.options.size},
                           {"source", sample.options.source},
                           {"language", sample.options.language},
                           {"documents", ids}}
                          .dump(-1, ' ', false, json::error_handler_t::replace))
      .substr(0, kIdDigits);
}

bool is_answer_word(const std::string& word) {
  return std::find(std::begin(kAnswerWords), std::end(kAnswerWords), word) != std::end(kAnswerWords);
}

}  // namespace

ReviewSample draw_sample(const fs::path& corpus, const SampleOptions& options) {
  const auto manifest = artifact::read_manifest(corpus);
  const auto entry = manifest ? manifest->files.find(artifact::kDocuments) : std::map<std::string, artifact::FileEntry>::const_iterator{};
  if (!manifest || entry == manifest->files.end())
    throw Error(ExitCode::data, corpus.string() + " holds no cleaned corpus; hone clean its recipe first");
  ReviewSample sample;
  sample.corpus = entry->second.sha256;
  sample.options = options;
  std::vector<Drawn> drawn = draw(corpus, options, sample.population);
  if (drawn.empty())
    throw Error(ExitCode::data, fmt::format("no document that stays{}{}; hone runs show and the cleaning report name sources and languages",
                                            options.source.empty() ? "" : " is of source " + options.source,
                                            options.language.empty() ? "" : " is in language " + options.language));
  std::vector<std::vector<LedgerSpan>> spans = spans_of(corpus, drawn);
  for (size_t i = 0; i < drawn.size(); ++i) {
    CleanDocument& document = drawn[i].document;
    std::vector<Piece> pieces = pieces_of(document.text, std::move(spans[i]), document.id);
    sample.documents.push_back({std::move(document), std::move(pieces)});
  }
  sample.id = name_of_sample(sample);
  return sample;
}

json to_json(const ReviewSample& sample) {
  json result = findings_of(sample, Answers(sample.documents.size()));
  result.erase("answers");
  result["population"] = sample.population;
  json& documents = result["documents"] = json::array();
  for (const SampledDocument& sampled : sample.documents)
    documents.push_back({{"id", sampled.document.id},
                         {"path", sampled.document.path},
                         {"source", sampled.document.source},
                         {"language", sampled.document.language},
                         {"pieces", to_json(sampled.pieces)}});
  return result;
}

json findings_of(const ReviewSample& sample, const Answers& answers) {
  HONE_ASSERT(answers.size() == sample.documents.size());
  json list = json::array();
  for (size_t i = 0; i < answers.size(); ++i)
    if (answers[i]) list.push_back({{"id", sample.documents[i].document.id}, {"found", *answers[i]}});
  return {{"schema", 1},
          {"sample", sample.id},
          {"corpus", sample.corpus},
          {"seed", sample.options.seed},
          {"size", sample.options.size},
          {"source", sample.options.source},
          {"language", sample.options.language},
          {"answers", list}};
}

SampleOptions options_of(const json& findings, const std::string& where) {
  try {
    if (findings.at("schema") != 1) throw Error(ExitCode::data, where + " is of another version of Hone: schema is not 1");
    findings.at("sample").get<std::string>();
    findings.at("corpus").get<std::string>();
    if (!findings.at("answers").is_array()) throw Error(ExitCode::data, where + ": answers is no list");
    const json& size = findings.at("size");
    if (!size.is_number_unsigned() || size == 0 || !findings.at("seed").is_number_unsigned())
      throw Error(ExitCode::data, where + ": size and seed are whole numbers, size above 0");
    return {.size = size, .seed = findings.at("seed"), .source = findings.at("source"), .language = findings.at("language")};
  } catch (const json::exception& wrong) {
    throw Error(ExitCode::data, fmt::format("{} is not a file of findings ({}); hone review RUN --html FILE makes a page that saves one",
                                            where, wrong.what()));
  }
}

Answers answers_of(const ReviewSample& sample, const json& findings, const std::string& where) {
  if (findings.at("corpus") != sample.corpus)
    throw Error(ExitCode::data, where + " is about another corpus: its documents have been cleaned anew since; draw a new sample");
  if (findings.at("sample") != sample.id)
    throw Error(ExitCode::data, where + " is about another sample than its seed, size and filters give; it has been changed, or another "
                                        "version of Hone drew it");
  std::unordered_map<std::string, size_t> places;
  for (size_t i = 0; i < sample.documents.size(); ++i) places[sample.documents[i].document.id] = i;
  Answers answers(sample.documents.size());
  for (const json& answer : findings.at("answers")) {
    const std::string id = answer.is_object() && answer.contains("id") && answer["id"].is_string() ? answer["id"].get<std::string>() : "";
    const auto place = places.find(id);
    if (place == places.end()) throw Error(ExitCode::data, fmt::format("{}: {} is not in the sample", where, id.empty() ? "an answer without id" : id));
    if (answers[place->second]) throw Error(ExitCode::data, fmt::format("{}: {} is answered twice", where, id));
    std::vector<std::string>& words = answers[place->second].emplace();
    if (!answer.contains("found") || !answer["found"].is_array()) throw Error(ExitCode::data, fmt::format("{}: {} has no list `found`", where, id));
    for (const json& word : answer["found"]) {
      if (!word.is_string() || !is_answer_word(word.get<std::string>()))
        throw Error(ExitCode::data, fmt::format("{}: {} has {} among `found`; known are {}", where, id, word.dump(), fmt::join(kAnswerWords, ", ")));
      if (std::find(words.begin(), words.end(), word.get<std::string>()) == words.end()) words.push_back(word);
    }
  }
  return answers;
}

json assess(const ReviewSample& sample, const Answers& answers) {
  const auto missing = std::count(answers.begin(), answers.end(), std::nullopt);
  if (missing > 0)
    throw Error(ExitCode::data, fmt::format("{} of {} documents of sample {} have no answer yet; all must be looked at before anything follows",
                                            missing, answers.size(), sample.id));
  json found = json::object(), ids = json::object();
  for (const char* word : kAnswerWords) {
    uint64_t documents = 0;
    json& here = ids[word] = json::array();
    for (size_t i = 0; i < answers.size(); ++i) {
      if (std::find(answers[i]->begin(), answers[i]->end(), word) == answers[i]->end()) continue;
      ++documents;
      here.push_back(sample.documents[i].document.id);
    }
    const double bound = upper_bound_of_share(documents, answers.size());
    found[word] = {{"documents", documents}, {"upper_share", bound}, {"upper_per_1000", 1000 * bound}};
  }
  return {{"sample", sample.id},
          {"corpus", sample.corpus},
          {"seed", sample.options.seed},
          {"size", sample.options.size},
          {"population", sample.population},
          {"source", sample.options.source},
          {"language", sample.options.language},
          {"documents", answers.size()},
          {"confidence", kConfidence},
          {"found", found},
          {"ids", ids}};
}

}  // namespace hone::corpus
