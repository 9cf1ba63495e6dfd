#include "tokenizer/huggingface.h"

#include <openssl/evp.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <protozero/pbf_reader.hpp>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "tokenizer/sentencepiece_file.h"

namespace hone::tokenizer {
namespace {

using json = nlohmann::ordered_json;

constexpr const char* kSpace = "\u2581";  // ▁, how SentencePiece writes a space
constexpr int32_t kUnigram = 1, kBpe = 2;
/// Below any path that spells the same characters by other pieces.
constexpr double kNever = -1e5;

/// What of the model file shapes tokenizer.json, beside the pieces' kinds.
struct Model {
  std::vector<std::string> pieces;
  std::vector<float> scores;
  int32_t type = kUnigram;
  std::string character_map;
  std::string normalization;  ///< SentencePiece's name of the map: "nmt_nfkc", "identity" …
};

std::string text_of(protozero::data_view view) { return {view.data(), view.size()}; }

/// The content has been through inspect_sentencepiece.
Model read_model(const std::string& content) {
  Model model;
  protozero::pbf_reader reader(content.data(), content.size());
  while (reader.next()) {
    if (reader.tag() < 1 || reader.tag() > 3) {
      reader.skip();
      continue;
    }
    const protozero::pbf_tag_type section = reader.tag();
    protozero::pbf_reader fields = reader.get_message();
    if (section == 1) model.pieces.emplace_back(), model.scores.push_back(0);
    while (fields.next()) {
      if (section == 1 && fields.tag() == 1) model.pieces.back() = text_of(fields.get_view());
      else if (section == 1 && fields.tag() == 2) model.scores.back() = fields.get_float();
      else if (section == 2 && fields.tag() == 3) model.type = fields.get_enum();
      else if (section == 3 && fields.tag() == 1 && fields.wire_type() == protozero::pbf_wire_type::length_delimited)
        model.normalization = text_of(fields.get_view());
      else if (section == 3 && fields.tag() == 2) model.character_map = text_of(fields.get_view());
      else fields.skip();
    }
  }
  return model;
}

std::string base64(const std::string& bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<size_t>(length));
  return out;
}

json replacement(json pattern, const char* content) {
  return {{"type", "Replace"}, {"pattern", std::move(pattern)}, {"content", content}};
}

json normalizer(const Model& model, const SentencePieceFacts& facts) {
  json steps = json::array();
  // Hugging Face's library applies the map to one grapheme at a time and leaves decomposed Hangul as it is, where SentencePiece's
  // own composes some of it. NFC first composes all of it, and changes nothing else for a map that ends in NFKC.
  if (model.normalization.find("nfkc") != std::string::npos) steps.push_back({{"type", "NFC"}});
  if (!model.character_map.empty())
    steps.push_back({{"type", "Precompiled"}, {"precompiled_charsmap", base64(model.character_map)}});
  if (facts.remove_extra_whitespaces) {
    steps.push_back(replacement({{"Regex", "^ +| +$"}}, ""));
    steps.push_back(replacement({{"Regex", " {2,}"}}, " "));
  }
  if (facts.add_dummy_prefix) steps.push_back({{"type", "Prepend"}, {"prepend", kSpace}});
  steps.push_back(replacement({{"String", " "}}, kSpace));
  return {{"type", "Sequence"}, {"normalizers", steps}};
}

json decoder(const SentencePieceFacts& facts) {
  json steps = {replacement({{"String", kSpace}}, " "), {{"type", "ByteFallback"}}, {{"type", "Fuse"}}};
  if (facts.add_dummy_prefix) steps.push_back({{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}});
  return {{"type", "Sequence"}, {"decoders", steps}};
}

/// Scores as SentencePiece's search sees them (unigram_model.cc): a user-defined piece beats every way to spell it.
json unigram(const Model& model, const SentencePieceFacts& facts, int32_t unknown) {
  float best = -1e30F;
  for (size_t id = 0; id < model.pieces.size(); ++id)
    if (facts.kinds[id] == PieceKind::normal) best = std::max(best, model.scores[id]);
  json vocabulary = json::array();
  for (size_t id = 0; id < model.pieces.size(); ++id) {
    double score = kNever;
    if (facts.kinds[id] == PieceKind::normal) score = model.scores[id];
    if (facts.kinds[id] == PieceKind::user_defined) score = static_cast<double>(model.pieces[id].size()) * best - 0.1;
    vocabulary.push_back({model.pieces[id], score});
  }
  return {{"type", "Unigram"}, {"unk_id", unknown}, {"vocab", vocabulary}, {"byte_fallback", facts.byte_fallback}};
}

json bpe(const Model& model, const SentencePieceFacts& facts, int32_t unknown) {
  json vocabulary = json::object();
  std::unordered_map<std::string_view, size_t> ids;
  std::vector<size_t> order;
  for (size_t id = 0; id < model.pieces.size(); ++id) {
    vocabulary[model.pieces[id]] = id;
    if (facts.kinds[id] != PieceKind::normal) continue;
    ids.emplace(model.pieces[id], id);
    order.push_back(id);
  }
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return model.scores[a] > model.scores[b]; });
  json merges = json::array();
  for (const size_t id : order) {
    const std::string_view whole = model.pieces[id];
    std::vector<std::pair<size_t, size_t>> pairs;
    for (size_t cut = 1; cut < whole.size(); ++cut) {
      const auto left = ids.find(whole.substr(0, cut)), right = ids.find(whole.substr(cut));
      if (left != ids.end() && right != ids.end()) pairs.emplace_back(left->second, right->second);
    }
    std::sort(pairs.begin(), pairs.end());
    for (const auto& [left, right] : pairs) merges.push_back({model.pieces[left], model.pieces[right]});
  }
  return {{"type", "BPE"},           {"dropout", nullptr},
          {"unk_token", model.pieces[static_cast<size_t>(unknown)]},
          {"continuing_subword_prefix", nullptr}, {"end_of_word_suffix", nullptr},
          {"fuse_unk", true},        {"byte_fallback", facts.byte_fallback},
          {"ignore_merges", false},  {"vocab", vocabulary},
          {"merges", merges}};
}

/// Tokens found in a text before it is normalised.
json added_tokens(const Model& model, const SentencePieceFacts& facts) {
  json tokens = json::array();
  for (size_t id = 0; id < model.pieces.size(); ++id) {
    const PieceKind kind = facts.kinds[id];
    const bool special = kind == PieceKind::unknown || kind == PieceKind::control;
    if (!special && !(kind == PieceKind::user_defined && model.type == kBpe)) continue;
    tokens.push_back({{"id", id}, {"content", model.pieces[id]}, {"single_word", false}, {"lstrip", false},
                      {"rstrip", false}, {"normalized", false}, {"special", special}});
  }
  return tokens;
}

json post_processor(const Tokenizer& vocabulary) {
  const auto text = [](const char* id, int type) { return json{{"Sequence", {{"id", id}, {"type_id", type}}}}; };
  json single = json::array(), pair = json::array(), special = json::object();
  if (vocabulary.adds_bos()) {
    const std::string bos = vocabulary.piece(vocabulary.bos_id());
    const auto mark = [&](int type) { return json{{"SpecialToken", {{"id", bos}, {"type_id", type}}}}; };
    single = {mark(0), text("A", 0)};
    pair = {mark(0), text("A", 0), mark(1), text("B", 1)};
    special[bos] = {{"id", bos}, {"ids", json::array({vocabulary.bos_id()})}, {"tokens", json::array({bos})}};
  } else {
    single = json::array({text("A", 0)});
    pair = json::array({text("A", 0), text("B", 1)});
  }
  return {{"type", "TemplateProcessing"}, {"single", single}, {"pair", pair}, {"special_tokens", special}};
}

json config(const Tokenizer& vocabulary, int64_t max_positions) {
  json out = {{"tokenizer_class", "PreTrainedTokenizerFast"}, {"model_max_length", max_positions},
              {"clean_up_tokenization_spaces", false}, {"add_bos_token", vocabulary.adds_bos()},
              {"add_eos_token", false}};
  const auto name = [&](const char* key, int32_t id) { if (id >= 0) out[key] = vocabulary.piece(id); };
  name("unk_token", vocabulary.unk_id());
  name("bos_token", vocabulary.bos_id());
  name("eos_token", vocabulary.eos_id());
  name("pad_token", vocabulary.pad_id());
  return out;
}

}  // namespace

HuggingFaceFiles huggingface_files(const Tokenizer& vocabulary, int64_t max_positions) {
  const std::filesystem::path& file = vocabulary.files().front();
  const std::string content = base::read_file(file);
  if (std::string_view(vocabulary.file_name()) == "tokenizer.json") return {content, config(vocabulary, max_positions).dump(2) + "\n"};
  const SentencePieceFacts facts = inspect_sentencepiece(content, file.string());
  const Model model = read_model(content);
  if (model.type != kUnigram && model.type != kBpe)
    throw Error(ExitCode::data, file.string() + ": only unigram and BPE vocabularies have a form that Hugging Face reads");
  const json whole = {
      {"version", "1.0"},
      {"truncation", nullptr},
      {"padding", nullptr},
      {"added_tokens", added_tokens(model, facts)},
      {"normalizer", normalizer(model, facts)},
      {"pre_tokenizer", nullptr},
      {"post_processor", post_processor(vocabulary)},
      {"decoder", decoder(facts)},
      {"model", model.type == kBpe ? bpe(model, facts, vocabulary.unk_id()) : unigram(model, facts, vocabulary.unk_id())}};
  return {whole.dump(), config(vocabulary, max_positions).dump(2) + "\n"};
}

}  // namespace hone::tokenizer
