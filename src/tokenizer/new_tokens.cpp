#include "tokenizer/new_tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>
#include <set>
#include <unordered_map>

#include "base/error.h"
#include "base/files.h"
#include "base/json_file.h"

namespace hone::tokenizer {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
constexpr const char* kConfig = "tokenizer_config.json";
constexpr size_t kMaxBytes = 4096;  ///< Of one token.

/// The tokens that are not there yet, each once.
std::vector<std::string> checked(const std::vector<std::string>& tokens) {
  std::vector<std::string> out;
  std::set<std::string> seen;
  for (const std::string& token : tokens) {
    const char* problem = nullptr;
    if (token.empty()) problem = "is empty";
    else if (token.size() > kMaxBytes) problem = "is longer than 4096 bytes";
    else if (token.find('\0') != token.npos) problem = "contains a zero byte";
    else if (!seen.insert(token).second) problem = "is there twice";
    if (problem != nullptr) throw Error(ExitCode::usage, fmt::format("tokenizer.add_tokens: \"{}\" {}; take it out", token.substr(0, 60), problem));
    out.push_back(token);
  }
  return out;
}

json added_token(int32_t id, const std::string& content, bool special) {
  return {{"id", id}, {"content", content}, {"single_word", false}, {"lstrip", false}, {"rstrip", false}, {"normalized", false}, {"special", special}};
}

/// The files beside the vocabulary, as they are, except those of `without` and tokenizer_config.json, which `change` may change.
template <typename Change>
void copy_companions(const Tokenizer& vocabulary, const fs::path& directory, const std::set<std::string>& without, Change change) {
  for (size_t i = 1; i < vocabulary.files().size(); ++i) {
    const fs::path& file = vocabulary.files()[i];
    const std::string name = file.filename().string();
    if (without.contains(name)) continue;
    if (name != kConfig) {
      base::write_file(directory / name, base::read_file(file));
      continue;
    }
    json config = base::read_json(file);
    config.erase("hone_translation");
    change(config);
    base::write_file(directory / name, base::json_text(config));
  }
}

bool is_type(const json& step, const char* type) { return step.is_object() && step.value("type", json()) == type; }

/// Where every part of a text gets a prefix "▁" (Prepend, Metaspace's "always"), what follows a new token would get one too and come
/// back with a blank too many. Such a file becomes what transformers makes of a Llama vocabulary with "legacy": false:
/// only the part that opens a text gets the prefix.
void prefix_only_the_beginning(json& content) {
  json& normalizer = content["normalizer"];
  json& words = content["pre_tokenizer"];
  if (is_type(words, "Metaspace")) {
    if (words.value("prepend_scheme", json("always")) == "always") words["prepend_scheme"] = "first";
    words.erase("add_prefix_space");
  }
  const json* steps = is_type(normalizer, "Sequence") ? &normalizer["normalizers"] : nullptr;
  const bool prepends = steps != nullptr && steps->size() == 2 && is_type((*steps)[0], "Prepend") && is_type((*steps)[1], "Replace");
  if (!prepends || !words.is_null()) return;
  normalizer = nullptr;
  words = {{"type", "Metaspace"}, {"replacement", "\u2581"}, {"prepend_scheme", "first"}, {"split", false}};
}

/// Ids from the vocabulary's size on, for what `ids` does not know.
void extend_json(const Tokenizer& vocabulary, const std::vector<std::string>& tokens, const fs::path& directory) {
  const fs::path& file = vocabulary.files().front();
  json content = base::read_json(file);
  json& added = content["added_tokens"];
  if (added.is_null()) added = json::array();
  std::set<std::string> known;
  for (const json& token : added) known.insert(token.at("content").get<std::string>());
  std::unordered_map<std::string, int32_t> ids;
  for (int32_t id = 0; id < vocabulary.vocabulary_size(); ++id) {
    const std::string piece = vocabulary.piece(id);
    if (piece.empty())
      throw Error(ExitCode::data, fmt::format("{}: id {} has no token, so other tools would number new tokens otherwise; tokenizer.add_tokens cannot extend it", file.string(), id));
    ids.emplace(piece, id);
    const PieceKind kind = vocabulary.kind(id);  // tokens that only the files beside it know move into it
    if ((kind == PieceKind::control || kind == PieceKind::user_defined) && known.insert(piece).second) added.push_back(added_token(id, piece, kind == PieceKind::control));
  }
  json decoder = json::object();
  for (const std::string& token : tokens) {
    if (!known.insert(token).second) continue;
    const int32_t id = ids.emplace(token, static_cast<int32_t>(ids.size())).first->second;
    added.push_back(added_token(id, token, false));
    decoder[std::to_string(id)] = added.back();
    decoder[std::to_string(id)].erase("id");
  }
  prefix_only_the_beginning(content);
  base::write_file(directory / "tokenizer.json", content.dump());
  copy_companions(vocabulary, directory, {"tokenizer.model", "added_tokens.json"}, [&](json& config) {
    config["tokenizer_class"] = "PreTrainedTokenizerFast";  // others rebuild the vocabulary in their own way
    if (config.contains("legacy")) config["legacy"] = false;
    if (config.contains("added_tokens_decoder") && config["added_tokens_decoder"].is_object()) config["added_tokens_decoder"].update(decoder);
  });
}

enum PieceType { kNormal = 1, kControl = 3, kUserDefined = 4 };

void append_piece(std::string& model, const std::string& text, PieceType type) {
  std::string message;
  protozero::pbf_writer fields(message);
  fields.add_string(1, text);
  fields.add_float(2, 0);
  fields.add_enum(3, type);
  protozero::pbf_writer(model).add_message(1, message);
}

/// The model with the normal pieces among `symbols` made user-defined; the others are left in `symbols`.
std::string with_symbols(const std::string& content, std::vector<std::string>& symbols) {
  std::string out;
  protozero::pbf_writer writer(out);
  protozero::pbf_reader reader(content);
  std::set<std::string> found, wanted(symbols.begin(), symbols.end());
  while (reader.next()) {
    if (reader.wire_type() != protozero::pbf_wire_type::length_delimited) {
      reader.skip();
      continue;
    }
    const protozero::pbf_tag_type tag = reader.tag();
    const protozero::data_view field = reader.get_view();
    std::string text;
    int32_t type = kNormal;
    for (protozero::pbf_reader piece(tag == 1 ? field : protozero::data_view()); piece.next();) {
      if (piece.tag() == 1) text = piece.get_string();
      else if (piece.tag() == 3) type = piece.get_enum();
      else piece.skip();
    }
    const bool there = tag == 1 && wanted.contains(text);
    if (there) found.insert(text);
    if (there && type == kNormal) append_piece(out, text, kUserDefined);
    else writer.add_message(tag, field);
  }
  std::erase_if(symbols, [&](const std::string& symbol) { return found.contains(symbol); });
  return out;
}

void extend_sentencepiece(const Tokenizer& vocabulary, const std::vector<std::string>& tokens, const fs::path& directory) {
  std::vector<std::string> symbols;
  for (const std::string& token : tokens) {
    std::string symbol;
    for (const char c : token) symbol += c == ' ' ? std::string("\u2581") : std::string(1, c);  // as the vocabulary writes a space
    symbols.push_back(std::move(symbol));
  }
  std::vector<std::string> missing = symbols;
  std::string model = with_symbols(base::read_file(vocabulary.files().front()), missing);
  // Tokens that stand beside the model move into it, so that ids stay as they are.
  const std::string plain = base::read_file(vocabulary.files().front());
  int32_t pieces = 0;
  for (protozero::pbf_reader reader(plain); reader.next(1);) ++pieces, reader.skip();
  for (int32_t id = pieces; id < vocabulary.vocabulary_size(); ++id) {
    const std::string piece = vocabulary.piece(id);
    if (piece.empty())
      throw Error(ExitCode::data, fmt::format("{}: id {} behind the model has no token; tokenizer.add_tokens cannot extend it", vocabulary.files().front().string(), id));
    append_piece(model, piece, vocabulary.kind(id) == PieceKind::control ? kControl : kUserDefined);
    std::erase(missing, piece);
  }
  for (const std::string& symbol : missing) append_piece(model, symbol, kUserDefined);
  base::write_file(directory / vocabulary.file_name(), model);
  copy_companions(vocabulary, directory, {"tokenizer.json", "added_tokens.json"}, [](json& config) {
    config["tokenizer_class"] = "PreTrainedTokenizerFast";  // others rebuild the vocabulary in their own way
  });
}

}  // namespace

void write_with_tokens(const Tokenizer& vocabulary, const std::vector<std::string>& tokens, const fs::path& directory) {
  const std::vector<std::string> wanted = checked(tokens);
  if (std::string_view(vocabulary.file_name()) == "tokenizer.json") extend_json(vocabulary, wanted, directory);
  else extend_sentencepiece(vocabulary, wanted, directory);
}

std::vector<NewToken> new_tokens(const Tokenizer& base, const Tokenizer& extended) {
  if (base.sha256() == extended.sha256()) return {};
  const auto refuse = [&](const std::string& what) {
    throw Error(ExitCode::data, fmt::format("{} is no extension of {}: {}", extended.files().front().string(), base.files().front().string(), what));
  };
  if (extended.vocabulary_size() < base.vocabulary_size()) refuse("it has fewer tokens");
  for (int32_t id = 0; id < base.vocabulary_size(); ++id)
    if (base.piece(id) != extended.piece(id)) refuse(fmt::format("token {} is {} and {}", id, base.piece(id), extended.piece(id)));
  std::vector<NewToken> tokens;
  for (int32_t id = base.vocabulary_size(); id < extended.vocabulary_size(); ++id) {
    NewToken token{.id = id, .text = extended.byte_level() ? extended.piece(id) : extended.surface(id)};
    if (token.text.empty()) token.text = extended.piece(id);  // a control token that came with it
    token.pieces = base.encode(token.text);
    if (token.pieces.empty()) refuse(fmt::format("token {} writes nothing", id));
    tokens.push_back(std::move(token));
  }
  return tokens;
}

}  // namespace hone::tokenizer
