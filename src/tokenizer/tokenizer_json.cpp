#include "tokenizer/tokenizer_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json_file.h"

namespace hone::tokenizer {
namespace {

using nlohmann::json;
constexpr std::string_view kMark = "\xE2\x96\x81";  // ▁

/// A value and its place in the file, as in pre_tokenizer.pretokenizers[1].
struct Node {
  const json* value;
  std::string path;
};

class Parser {
 public:
  Parser(const json& file, const std::string& where) : file_(file), where_(where) {}

  TokenizerJson run() {
    const Node root{&file_, ""};
    limit_ids();
    model(child(root, "model"));
    each_step(child(root, "normalizer"), "normalizers", [this](const Node& node) { normalizer(node); });
    each_step(child(root, "pre_tokenizer"), "pretokenizers", [this](const Node& node) { pre_tokenizer(node); });
    result_.bpe.bytes = byte_level_;
    each_step(child(root, "decoder"), "decoders", [this](const Node& node) { decoder(node); });
    each_step(child(root, "post_processor"), "processors", [this](const Node& node) { post_processor(node); });
    added(child(root, "added_tokens"));
    return std::move(result_);
  }

 private:
  [[noreturn]] void fail(const Node& node, const std::string& what) const { throw Error(ExitCode::data, fmt::format("{}: {} {}", where_, node.path, what)); }
  [[noreturn]] void unknown(const Node& node) const {
    const std::string kind = type(node);
    fail(node, fmt::format("is {}, which is not among what Hone reads (manual, chapter 13); use a vocabulary in the way of Llama, Mistral, Qwen or GPT-2, "
                           "or a SentencePiece model", kind.empty() ? "of no type" : "of the type " + kind));
  }

  Node child(const Node& node, const std::string& key) const {
    static const json kNone;
    const std::string path = node.path.empty() ? key : node.path + "." + key;
    if (!node.value->is_object()) return {&kNone, path};
    const auto found = node.value->find(key);
    return {found == node.value->end() ? &kNone : &*found, path};
  }
  Node child(const Node& node, size_t index) const { return {&(*node.value)[index], fmt::format("{}[{}]", node.path, index)}; }
  std::string type(const Node& node) const {
    const Node kind = child(node, "type");
    return kind.value->is_string() ? kind.value->get<std::string>() : "";
  }
  std::string text(const Node& node) const {
    if (!node.value->is_string()) fail(node, "is missing or no text");
    return node.value->get<std::string>();
  }
  bool flag(const Node& node, bool otherwise = false) const {
    if (node.value->is_null()) return otherwise;
    if (!node.value->is_boolean()) fail(node, "must be true or false");
    return node.value->get<bool>();
  }
  /// Ids may leave gaps, but not so many that a small file asks for a large table.
  void limit_ids() {
    size_t entries = 0;
    if (file_.contains("model") && file_["model"].is_object() && file_["model"].contains("vocab")) entries += file_["model"]["vocab"].size();
    if (file_.contains("added_tokens")) entries += file_["added_tokens"].size();
    ids_end_ = static_cast<int64_t>(std::min<size_t>(2 * entries + 65'536, 16'000'000));
  }
  int32_t id(const Node& node) const {
    if (!node.value->is_number_integer() || *node.value < 0 || *node.value >= ids_end_) fail(node, fmt::format("is no id: a number from 0 to {}", ids_end_ - 1));
    return node.value->get<int32_t>();
  }

  /// The step itself, or those of a Sequence, in order. Depth is limited by parse_json.
  template <typename Take>
  void each_step(const Node& node, const char* list, Take take) {
    if (node.value->is_null()) return;
    if (type(node) != "Sequence") return take(node);
    const Node steps = child(node, list);
    if (!steps.value->is_array()) fail(steps, "must be a list");
    for (size_t i = 0; i < steps.value->size(); ++i) each_step(child(steps, i), list, take);
  }

  void put_piece(const Node& node, int32_t at, const std::string& piece) {
    auto& pieces = result_.pieces;
    if (pieces.size() <= static_cast<size_t>(at)) pieces.resize(static_cast<size_t>(at) + 1);
    std::string& place = pieces[static_cast<size_t>(at)];
    if (!place.empty() && place != piece) fail(node, fmt::format("gives the id {} to {} and to {}", at, place, piece));
    place = piece;
  }

  void model(const Node& node) {
    const Node vocabulary = child(node, "vocab"), merges = child(node, "merges"), unknown_piece = child(node, "unk_token");
    if (type(node) == "Unigram")
      fail(node, "is of the type Unigram; Hone reads such vocabularies as SentencePiece models: put tokenizer.model beside it and name that in tokenizer.path");
    if (type(node) != "BPE" && !(type(node).empty() && merges.value->is_array())) unknown(node);
    for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix", "dropout"}) {
      const Node option = child(node, key);
      const json& value = *option.value;
      const bool nothing = value.is_null() || (value.is_string() && value.get_ref<const std::string&>().empty()) || (value.is_number() && value.get<double>() == 0);
      if (!nothing) fail(option, "is not supported");
    }
    if (!vocabulary.value->is_object()) fail(vocabulary, "is missing");
    for (const auto& [piece, number] : vocabulary.value->items()) put_piece(vocabulary, id({&number, vocabulary.path + "." + piece}), piece);
    result_.in_model.resize(result_.pieces.size());
    for (size_t at = 0; at < result_.pieces.size(); ++at) result_.in_model[at] = !result_.pieces[at].empty();
    if (!merges.value->is_array()) fail(merges, "is missing");
    for (size_t i = 0; i < merges.value->size(); ++i) merge(merges, i);
    result_.bpe.ignore_merges = flag(child(node, "ignore_merges"));
    result_.bpe.byte_fallback = flag(child(node, "byte_fallback"));
    result_.bpe.fuse_unknown = flag(child(node, "fuse_unk"));
    if (unknown_piece.value->is_null()) return;
    const Node found = child(vocabulary, text(unknown_piece));
    if (found.value->is_null()) fail(unknown_piece, "is not in the vocabulary");
    result_.bpe.unknown = id(found);
  }

  void merge(const Node& merges, size_t index) {
    const json& merge = (*merges.value)[index];
    if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
      result_.merges.emplace_back(merge[0], merge[1]);
      return;
    }
    const std::string pair = merge.is_string() ? merge.get<std::string>() : "";
    const size_t blank = pair.find(' ');
    if (blank == std::string::npos || pair.find(' ', blank + 1) != std::string::npos) fail(child(merges, index), "is no pair");
    result_.merges.emplace_back(pair.substr(0, blank), pair.substr(blank + 1));
  }

  /// The `pattern` of a Replace or a Split: {"String": …} or {"Regex": …}.
  std::pair<Node, bool> pattern(const Node& node) const {
    const Node pattern = child(node, "pattern"), literal = child(pattern, "String"), expression = child(pattern, "Regex");
    if (literal.value->is_string()) return {literal, false};
    if (expression.value->is_string()) return {expression, true};
    fail(pattern, "must have String or Regex");
  }
  std::shared_ptr<const RegexSplit> compiled(const Node& node) const { return std::make_shared<const RegexSplit>(text(node), where_ + ": " + node.path); }

  void normalizer(const Node& node) {
    const std::string kind = type(node);
    NormalizerStep step;
    if (kind == "NFC" || kind == "NFD" || kind == "NFKC" || kind == "NFKD") {
      step.form = kind == "NFC" ? Form::nfc : kind == "NFD" ? Form::nfd : kind == "NFKC" ? Form::nfkc : Form::nfkd;
    } else if (kind == "Prepend") {
      step.kind = NormalizerStep::Kind::prepend;
      step.with = text(child(node, "prepend"));
    } else if (kind == "Replace") {
      const auto [what, is_expression] = pattern(node);
      step.kind = is_expression ? NormalizerStep::Kind::replace_expression : NormalizerStep::Kind::replace;
      if (is_expression) step.expression = compiled(what);
      else step.what = text(what);
      step.with = text(child(node, "content"));
    } else {
      unknown(node);
    }
    result_.normalizers.push_back(std::move(step));
  }

  void pre_tokenizer(const Node& node) {
    if (byte_level_) fail(node, "comes after ByteLevel, where words are bytes already; that is not supported");
    const std::string kind = type(node);
    if (kind == "ByteLevel") {
      byte_level_ = true;
      result_.add_prefix_space = flag(child(node, "add_prefix_space"), true);
      if (result_.add_prefix_space && !result_.splits.empty()) fail(child(node, "add_prefix_space"), "behind another step is not supported");
      if (flag(child(node, "use_regex"), true)) result_.splits.push_back({.by = SplitStep::By::pattern, .pattern = SplitPattern::gpt2});
    } else if (kind == "Split") {
      result_.splits.push_back(split(node));
    } else if (kind == "Digits") {
      const bool each = flag(child(node, "individual_digits"));
      result_.splits.push_back({.by = SplitStep::By::digits, .behavior = each ? SplitStep::Behavior::isolated : SplitStep::Behavior::contiguous});
    } else if (kind == "Metaspace") {
      if (result_.metaspace || !result_.splits.empty()) fail(node, "behind another step is not supported");
      metaspace(node);
    } else {
      unknown(node);
    }
  }

  SplitStep split(const Node& node) {
    SplitStep step;
    const auto [what, is_expression] = pattern(node);
    const std::string words = text(what);
    const std::optional<SplitPattern> known = is_expression ? split_pattern_of(words) : std::nullopt;
    const std::string behavior = text(child(node, "behavior"));
    step.invert = flag(child(node, "invert"));
    constexpr const char* kBehaviors[] = {"Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous"};
    size_t number = 0;
    while (number < std::size(kBehaviors) && behavior != kBehaviors[number]) ++number;
    if (number == std::size(kBehaviors)) fail(child(node, "behavior"), fmt::format("is {}, which is not known", behavior));
    step.behavior = static_cast<SplitStep::Behavior>(number);
    // A known pattern matches all of a text, so that what lies between its matches is nothing.
    const bool all_matched = (step.behavior == SplitStep::Behavior::isolated) || (step.behavior == SplitStep::Behavior::removed && step.invert);
    if (known && all_matched) step.pattern = *known;
    else if (is_expression) step.by = SplitStep::By::expression, step.expression = compiled(what);
    else step.by = SplitStep::By::literal, step.literal = words;
    if (step.by == SplitStep::By::literal && words.empty()) fail(what, "is empty");
    return step;
  }

  void metaspace(const Node& node) {
    if (child(node, "replacement").value->is_string() && text(child(node, "replacement")) != kMark) fail(child(node, "replacement"), "is not \u2581, which alone is supported");
    result_.metaspace = true;
    const Node scheme = child(node, "prepend_scheme");
    const std::string wanted = scheme.value->is_null() ? (flag(child(node, "add_prefix_space"), true) ? "always" : "never") : text(scheme);
    if (wanted != "always" && wanted != "first" && wanted != "never") fail(scheme, "is neither always nor first nor never");
    result_.prefix = wanted == "never" ? Prefix::never : wanted == "first" ? Prefix::first_part : Prefix::every_part;
    result_.splits_at_marks = flag(child(node, "split"), true);
  }

  void decoder(const Node& node) {
    const std::string kind = type(node);
    if (kind == "Strip") {
      const bool one_blank = text(child(node, "content")) == " " && *child(node, "start").value == 1 && *child(node, "stop").value == 0;
      if (!one_blank) fail(node, "strips other than one blank from the beginning; that is not supported");
      result_.strips_prefix = true;
    } else if (kind == "Metaspace") {
      result_.strips_prefix = child(node, "prepend_scheme").value->is_null() ? flag(child(node, "add_prefix_space"), true) : text(child(node, "prepend_scheme")) != "never";
      result_.replaces_marks = true;
    } else if (kind == "Replace") {
      const auto [what, is_expression] = pattern(node);
      if (is_expression || text(what) != kMark || text(child(node, "content")) != " ") fail(node, "replaces other than \u2581 by a blank; that is not supported");
      result_.replaces_marks = true;
    } else if (kind != "ByteLevel" && kind != "ByteFallback" && kind != "Fuse") {
      unknown(node);
    }
  }

  void post_processor(const Node& node) {
    if (type(node) == "ByteLevel") return;
    if (type(node) != "TemplateProcessing") unknown(node);
    bool text_seen = false;
    const Node single = child(node, "single");
    if (!single.value->is_array()) fail(single, "must be a list");
    for (size_t i = 0; i < single.value->size(); ++i) {
      const Node entry = child(single, i);
      if (child(entry, "Sequence").value->is_object()) {
        text_seen = true;
        continue;
      }
      const Node name = child(child(entry, "SpecialToken"), "id");
      const Node ids = child(child(child(node, "special_tokens"), text(name)), "ids");
      if (!ids.value->is_array()) fail(name, "names a token without ids");
      for (size_t at = 0; at < ids.value->size(); ++at) (text_seen ? result_.closing : result_.opening).push_back(id(child(ids, at)));
    }
  }

  void added(const Node& node) {
    if (node.value->is_null()) return;
    if (!node.value->is_array()) fail(node, "must be a list");
    for (size_t i = 0; i < node.value->size(); ++i) {
      const Node entry = child(node, i);
      AddedToken token{.id = id(child(entry, "id")), .content = text(child(entry, "content"))};
      if (token.content.empty()) continue;
      token.special = flag(child(entry, "special"));
      token.normalized = flag(child(entry, "normalized"));
      token.lstrip = flag(child(entry, "lstrip"));
      token.rstrip = flag(child(entry, "rstrip"));
      token.single_word = flag(child(entry, "single_word"));
      put_piece(entry, token.id, token.content);
      result_.added.push_back(std::move(token));
    }
  }

  const json& file_;
  const std::string& where_;
  TokenizerJson result_;
  int64_t ids_end_ = 0;
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
