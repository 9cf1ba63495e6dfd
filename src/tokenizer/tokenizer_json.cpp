#include "tokenizer/tokenizer_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json_file.h"

namespace hone::tokenizer {
namespace {

using nlohmann::json;
constexpr int64_t kMaxId = 16'000'000;
constexpr std::string_view kMark = "\xE2\x96\x81";  // ▁

class Parser {
 public:
  Parser(const json& file, const std::string& where) : file_(file), where_(where) {}

  TokenizerJson run() {
    model(part("model"));
    normalizer(part("normalizer"));
    pre_tokenizer(part("pre_tokenizer"));
    decoder(part("decoder"));
    post_processor(part("post_processor"));
    added(part("added_tokens"));
    if (result_.split && !byte_level_) fail("pre_tokenizer cuts words but leaves no bytes; that is not supported");
    return std::move(result_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw Error(ExitCode::data, fmt::format("{}: {}", where_, what)); }
  [[noreturn]] void unknown(const std::string& key, const json& value) const {
    fail(fmt::format("{} of the type {} is not among those that Hone reads (docs/manual: the tokenizer); use a vocabulary of Llama, Qwen or "
                     "GPT-2 style, or a SentencePiece model",
                     key, type(value).empty() ? "none" : type(value)));
  }
  const json& part(const char* key) const {
    static const json kNone;
    const auto found = file_.find(key);
    return found == file_.end() ? kNone : *found;
  }
  std::string text(const json& value, const char* key) const {
    if (!value.is_object() || !value.contains(key) || !value[key].is_string()) fail(fmt::format("{} is missing or no text", key));
    return value[key].get<std::string>();
  }
  bool flag(const json& value, const char* key) const {
    const auto found = value.find(key);
    if (found == value.end() || found->is_null()) return false;
    if (!found->is_boolean()) fail(fmt::format("{} must be true or false", key));
    return found->get<bool>();
  }
  int32_t id(const json& value) const {
    if (!value.is_number_integer() || value.get<int64_t>() < 0 || value.get<int64_t>() > kMaxId) fail("an id is no number from 0 to 16 million");
    return value.get<int32_t>();
  }
  std::string type(const json& value) const { return value.is_object() ? value.value("type", std::string()) : ""; }

  void put_piece(int32_t at, const std::string& piece) {
    if (result_.pieces.size() <= static_cast<size_t>(at)) result_.pieces.resize(static_cast<size_t>(at) + 1);
    result_.pieces[static_cast<size_t>(at)] = piece;
  }

  void model(const json& model) {
    if (type(model) != "BPE" && !(model.is_object() && !model.contains("type") && model.contains("merges"))) unknown("model", model);
    for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix", "dropout"}) {
      const auto found = model.find(key);
      const bool nothing = found == model.end() || found->is_null() || (found->is_string() && found->get_ref<const std::string&>().empty()) || (found->is_number() && found->get<double>() == 0);
      if (!nothing) fail(fmt::format("model.{} is not supported", key));
    }
    if (!model.contains("vocab") || !model["vocab"].is_object()) fail("model.vocab is missing");
    for (const auto& [piece, number] : model["vocab"].items()) put_piece(id(number), piece);
    if (!model.contains("merges") || !model["merges"].is_array()) fail("model.merges is missing");
    for (const json& merge : model["merges"]) this->merge(merge);
    result_.bpe.ignore_merges = flag(model, "ignore_merges");
    result_.bpe.byte_fallback = flag(model, "byte_fallback");
    result_.bpe.fuse_unknown = flag(model, "fuse_unk");
    const auto unknown_piece = model.find("unk_token");
    if (unknown_piece != model.end() && unknown_piece->is_string()) {
      const auto found = model["vocab"].find(unknown_piece->get<std::string>());
      if (found == model["vocab"].end()) fail("model.unk_token is not in the vocabulary");
      result_.bpe.unknown = id(*found);
    }
  }

  void merge(const json& merge) {
    if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
      result_.merges.emplace_back(merge[0], merge[1]);
      return;
    }
    const std::string pair = merge.is_string() ? merge.get<std::string>() : "";
    const size_t blank = pair.find(' ');
    if (blank == std::string::npos || pair.find(' ', blank + 1) != std::string::npos) fail(fmt::format("merge {} is no pair", result_.merges.size()));
    result_.merges.emplace_back(pair.substr(0, blank), pair.substr(blank + 1));
  }

  void normalizer(const json& value) {
    if (value.is_null()) return;
    const std::string kind = type(value);
    if (kind == "Sequence") {
      for (const json& each : value.value("normalizers", json::array())) normalizer(each);
    } else if (kind == "NFC") {
      result_.nfc = true;
    } else if (kind == "Prepend" && text(value, "prepend") == kMark) {
      result_.prefix = Prefix::every_part;
    } else if (is_replacement(value, " ", kMark)) {
      result_.spaces_to_marks = true;
    } else {
      unknown("normalizer", value);
    }
  }

  bool is_replacement(const json& value, std::string_view what, std::string_view with) const {
    if (type(value) != "Replace" || !value.contains("pattern") || !value["pattern"].is_object()) return false;
    return value["pattern"].value("String", std::string()) == what && value.value("content", std::string()) == with;
  }

  void pre_tokenizer(const json& value) {
    result_.bpe.bytes = false;
    if (!value.is_null()) one_pre_tokenizer(value);
    result_.bpe.bytes = byte_level_;
  }

  void one_pre_tokenizer(const json& value) {
    const std::string kind = type(value);
    if (kind == "Sequence") {
      for (const json& each : value.value("pretokenizers", json::array())) one_pre_tokenizer(each);
    } else if (kind == "ByteLevel") {
      byte_level_ = true;
      result_.add_prefix_space = flag(value, "add_prefix_space");
      if (!value.contains("use_regex") || flag(value, "use_regex")) {
        if (result_.split) fail("pre_tokenizer cuts words twice; that is not supported");
        result_.split = SplitPattern::gpt2;
      }
    } else if (kind == "Split") {
      const std::string regex = value.contains("pattern") && value["pattern"].is_object() ? value["pattern"].value("Regex", std::string()) : "";
      result_.split = split_pattern_of(regex);
      if (!result_.split || value.value("behavior", std::string()) != "Isolated" || flag(value, "invert"))
        fail(fmt::format("pre_tokenizer cuts words by an expression that Hone does not have: {}", regex));
    } else if (kind == "Metaspace") {
      metaspace(value);
    } else {
      unknown("pre_tokenizer", value);
    }
  }

  void metaspace(const json& value) {
    if (value.value("replacement", std::string(kMark)) != kMark) unknown("pre_tokenizer", value);
    result_.spaces_to_marks = result_.prefix_only_once = true;
    const std::string scheme = value.value("prepend_scheme", std::string(flag(value, "add_prefix_space") || !value.contains("add_prefix_space") ? "always" : "never"));
    result_.prefix = scheme == "never" ? Prefix::never : scheme == "first" ? Prefix::first_part : Prefix::every_part;
    result_.splits_at_marks = !value.contains("split") || flag(value, "split");
  }

  void decoder(const json& value) {
    if (value.is_null()) return;
    const std::string kind = type(value);
    if (kind == "Sequence") {
      for (const json& each : value.value("decoders", json::array())) decoder(each);
    } else if (kind == "Strip" && value.value("content", std::string()) == " " && value.value("start", 0) == 1 && value.value("stop", 0) == 0) {
      result_.strips_prefix = true;
    } else if (kind == "Metaspace") {
      result_.strips_prefix = result_.prefix != Prefix::never;
    } else if (kind != "ByteLevel" && kind != "ByteFallback" && kind != "Fuse" && !is_replacement(value, kMark, " ")) {
      unknown("decoder", value);
    }
  }

  void post_processor(const json& value) {
    if (value.is_null()) return;
    const std::string kind = type(value);
    if (kind == "Sequence") {
      for (const json& each : value.value("processors", json::array())) post_processor(each);
    } else if (kind == "TemplateProcessing") {
      bool text_seen = false;
      for (const json& each : value.value("single", json::array())) {
        if (each.contains("Sequence")) {
          text_seen = true;
          continue;
        }
        const std::string name = each.contains("SpecialToken") ? text(each["SpecialToken"], "id") : "";
        const json& tokens = value.contains("special_tokens") ? value["special_tokens"] : json();
        if (!tokens.is_object() || !tokens.contains(name) || !tokens[name].contains("ids")) fail("post_processor names the token " + name + " without its ids");
        for (const json& number : tokens[name]["ids"]) (text_seen ? result_.closing : result_.opening).push_back(id(number));
      }
    } else if (kind != "ByteLevel") {
      unknown("post_processor", value);
    }
  }

  void added(const json& tokens) {
    if (tokens.is_null()) return;
    for (const json& each : tokens) {
      if (!each.is_object() || !each.contains("id")) fail("an added token has no id");
      AddedToken token{.id = id(each["id"]), .content = text(each, "content")};
      token.special = flag(each, "special");
      token.normalized = flag(each, "normalized");
      token.lstrip = flag(each, "lstrip");
      token.rstrip = flag(each, "rstrip");
      token.single_word = flag(each, "single_word");
      put_piece(token.id, token.content);
      result_.added.push_back(std::move(token));
    }
  }

  const json& file_;
  const std::string& where_;
  TokenizerJson result_;
  bool byte_level_ = false;
};

}  // namespace

TokenizerJson parse_tokenizer_json(std::string_view content, const std::string& where) {
  const json file = base::parse_json(content, where);
  if (!file.is_object()) throw Error(ExitCode::data, where + ": is no JSON object; copy the file again");
  try {
    return Parser(file, where).run();
  } catch (const json::exception& problem) {
    throw Error(ExitCode::data, fmt::format("{}: a value of another kind than expected ({}); copy the file again", where, problem.what()));
  }
}

}  // namespace hone::tokenizer
