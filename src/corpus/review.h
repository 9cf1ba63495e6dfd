#pragma once
/// A check by hand of what cleaning left: documents drawn at random, an inspector's answer for each, and what follows for the rest.
///
/// The sample is a pure function of the corpus, the seed and the filters: documents that stay are ordered by a hash of their id
/// under the seed, and the first `size` are taken. So a findings file names its sample, and the same sample is drawn again when
/// the findings come back.
///   findings file: {"schema": 1, "sample": ID, "corpus": SHA-256, "seed", "size", "source", "language",
///                   "answers": [{"id": DOCUMENT, "found": ["personal_data" | "secret" | "garbage"…]}…]}; [] means nothing found.
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "corpus/documents.h"
#include "corpus/pieces.h"

namespace hone::corpus {

struct SampleOptions {
  uint64_t size = 200;
  uint64_t seed = 0;
  std::string source, language;  ///< Only documents of these; empty: of all.
};

struct SampledDocument {
  CleanDocument document;
  std::vector<Piece> pieces;
};

struct ReviewSample {
  std::string id;      ///< Names corpus, options and documents.
  std::string corpus;  ///< SHA-256 of documents.jsonl.zst, from the manifest.
  SampleOptions options;
  uint64_t population = 0;  ///< Documents it was drawn from.
  std::vector<SampledDocument> documents;
};

/// Words that an answer is made of.
inline constexpr const char* kAnswerWords[] = {"personal_data", "secret", "garbage"};

/// Draws from a committed corpus folder. Throws data when there is none, or when no document fits the filters.
ReviewSample draw_sample(const std::filesystem::path& corpus, const SampleOptions& options);

/// {"schema", "sample", "corpus", "seed", "size", "source", "language", "population", "documents": [{"id", "path", "source",
///  "language", "pieces"}…]}: what a page for the inspector is made of.
nlohmann::json to_json(const ReviewSample& sample);

/// An inspector's answers, by place in the sample; nothing where there is none yet.
using Answers = std::vector<std::optional<std::vector<std::string>>>;

/// A findings file for this sample, with the answers there are.
nlohmann::json findings_of(const ReviewSample& sample, const Answers& answers);
/// Seed, size and filters that a findings file was made with. Throws data when it is no findings file.
SampleOptions options_of(const nlohmann::json& findings, const std::string& where);
/// Checks the findings against the sample they name: same corpus, same documents, known words, each answered at most once.
/// Throws data naming what is wrong.
Answers answers_of(const ReviewSample& sample, const nlohmann::json& findings, const std::string& where);

/// What the answers say of the corpus: {"sample", "corpus", "seed", "size", "population", "source", "language", "documents",
/// "confidence", "found": {WORD: {"documents", "upper_share", "upper_per_1000"}…}, "ids": {WORD: [document…]}}.
/// Throws data when a document has no answer.
nlohmann::json assess(const ReviewSample& sample, const Answers& answers);

}  // namespace hone::corpus
