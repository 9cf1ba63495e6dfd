#include "tokenizer/huggingface.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <protozero/pbf_reader.hpp>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "tokenizer/bpe.h"
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

/// Whether user-defined pieces have to be cut out behind the normaliser.
bool cuts_symbols(const Model& model, const SentencePieceFacts& facts) {
  return model.type == kBpe && facts.add_dummy_prefix && std::find(facts.kinds.begin(), facts.kinds.end(), PieceKind::user_defined) != facts.kinds.end();
}

/// Whether every piece is what merging makes of its own text, so that a word which is a piece may be taken as such.
bool all_reached(const Model& model, const SentencePieceFacts& facts, const std::vector<std::pair<std::string, std::string>>& merges) {
  std::vector<std::string> words = model.pieces;
  for (size_t id = 0; id < words.size(); ++id)
    if (facts.kinds[id] != PieceKind::normal) words[id].clear();
  const Bpe bpe(words, merges, {.bytes = false});
  std::vector<int32_t> ids;
  for (size_t id = 0; id < words.size(); ++id) {
    if (words[id].empty()) continue;
    ids.clear();
    bpe.encode(words[id], ids);
    if (ids.size() != 1) return false;
  }
  return true;
}

/// The user-defined pieces, longest first, as one expression.
json symbol_expression(const Model& model, const SentencePieceFacts& facts) {
  std::vector<std::string> symbols;
  for (size_t id = 0; id < model.pieces.size(); ++id)
    if (facts.kinds[id] == PieceKind::user_defined) symbols.push_back(model.pieces[id]);
  std::stable_sort(symbols.begin(), symbols.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  std::string expression;
  for (const std::string& symbol : symbols) {
    if (!expression.empty()) expression += '|';
    for (const char c : symbol) {
      const bool mark = c > ' ' && c < '\x7F' && std::isalnum(static_cast<unsigned char>(c)) == 0;
      expression += mark ? std::string{'\\', c} : c == '\n' ? "\\n" : c == '\t' ? "\\t" : std::string(1, c);
    }
  }
  return {{"type", "Split"}, {"pattern", {{"Regex", expression}}}, {"behavior", "Isolated"}, {"invert", false}};
}

json bpe(const Model& model, const SentencePieceFacts& facts, int32_t unknown) {
  json::object_t vocabulary;  // filled without looking each key up
  std::unordered_map<std::string_view, size_t> ids;
  std::vector<size_t> order;
  for (size_t id = 0; id < model.pieces.size(); ++id) {
    vocabulary.push_back({model.pieces[id], id});
    if (facts.kinds[id] != PieceKind::normal) continue;
    ids.emplace(model.pieces[id], id);
    order.push_back(id);
  }
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return model.scores[a] > model.scores[b]; });
  json merges = json::array();
  std::vector<std::pair<std::string, std::string>> pairs_by_rank;
  for (const size_t id : order) {
    const std::string_view whole = model.pieces[id];
    std::vector<std::pair<size_t, size_t>> pairs;
    for (size_t cut = 1; cut < whole.size(); ++cut) {
      const auto left = ids.find(whole.substr(0, cut)), right = ids.find(whole.substr(cut));
      if (left != ids.end() && right != ids.end()) pairs.emplace_back(left->second, right->second);
    }
    std::sort(pairs.begin(), pairs.end());
    for (const auto& [left, right] : pairs) {
      merges.push_back({model.pieces[left], model.pieces[right]});
      pairs_by_rank.emplace_back(model.pieces[left], model.pieces[right]);
    }
  }
  const bool cuts = cuts_symbols(model, facts) && all_reached(model, facts, pairs_by_rank);
  return {{"type", "BPE"},           {"dropout", nullptr},
          {"unk_token", model.pieces[static_cast<size_t>(unknown)]},
          {"continuing_subword_prefix", nullptr}, {"end_of_word_suffix", nullptr},
          {"fuse_unk", true},        {"byte_fallback", facts.byte_fallback},
          {"ignore_merges", cuts},   {"vocab", std::move(vocabulary)},
          {"merges", std::move(merges)}};
}

/// Tokens found in a text before it is normalised.
json added_tokens(const Model& model, const SentencePieceFacts& facts, bool cuts) {
  json tokens = json::array();
  for (size_t id = 0; id < model.pieces.size(); ++id) {
    const PieceKind kind = facts.kinds[id];
    const bool special = kind == PieceKind::unknown || kind == PieceKind::control;
    if (!special && !(kind == PieceKind::user_defined && model.type == kBpe && !cuts)) continue;
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
  json vocabulary_model = model.type == kBpe ? bpe(model, facts, vocabulary.unk_id()) : unigram(model, facts, vocabulary.unk_id());
  const bool cuts = cuts_symbols(model, facts) && vocabulary_model["ignore_merges"] == true;
  const json whole = {
      {"version", "1.0"},
      {"truncation", nullptr},
      {"padding", nullptr},
      {"added_tokens", added_tokens(model, facts, cuts)},
      {"normalizer", normalizer(model, facts)},
      {"pre_tokenizer", cuts ? symbol_expression(model, facts) : json()},
      {"post_processor", post_processor(vocabulary)},
      {"decoder", decoder(facts)},
      {"model", std::move(vocabulary_model)}};
  HuggingFaceFiles files{whole.dump(), ""};
  json settings = config(vocabulary, max_positions);
  settings["hone_translation"] = {{"tokenizer.model", base::sha256(content)}, {"tokenizer.json", base::sha256(files.tokenizer_json)}};
  files.tokenizer_config_json = settings.dump(2) + "\n";
  return files;
}

}  // namespace hone::tokenizer
