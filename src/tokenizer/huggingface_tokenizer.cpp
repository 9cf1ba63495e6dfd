#include "tokenizer/huggingface_tokenizer.h"

#include <fmt/format.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "base/error.h"
#include "base/hash.h"
#include "tokenizer/mapped_text.h"
#include "tokenizer/word_split.h"

namespace hone::tokenizer {
namespace {

constexpr std::string_view kMark = "\xE2\x96\x81";  // ▁

/// GPT-2's spelling of bytes: printable Latin-1 as itself, the other 68 as U+0100 … U+0143.
const std::array<int16_t, 0x144>& byte_characters() {
  static const std::array<int16_t, 0x144> kCharacters = [] {
    std::array<int16_t, 0x144> characters;
    characters.fill(-1);
    size_t next = 0x100;
    for (int byte = 0; byte < 256; ++byte) {
      const bool shown = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
      characters[shown ? static_cast<size_t>(byte) : next++] = static_cast<int16_t>(byte);
    }
    return characters;
  }();
  return kCharacters;
}

/// The bytes a piece spells; the piece itself when one of its characters spells none (an added token).
std::string bytes_of(const std::string& piece) {
  std::string bytes;
  for (size_t at = 0; at < piece.size();) {
    UChar32 c = 0;
    U8_NEXT(piece.data(), at, piece.size(), c);
    if (c < 0 || c >= 0x144 || byte_characters()[static_cast<size_t>(c)] < 0) return piece;
    bytes += static_cast<char>(byte_characters()[static_cast<size_t>(c)]);
  }
  return bytes;
}

std::vector<std::string> texts_of(const TokenizerJson& facts) {
  std::vector<std::string> texts = facts.pieces;
  if (facts.bpe.bytes)
    for (std::string& text : texts) text = bytes_of(text);
  return texts;
}

Bpe bpe_of(const TokenizerJson& facts, const std::vector<std::string>& texts) {
  std::vector<std::string> words = texts;
  std::unordered_set<std::string_view> never;  // texts that no merge may become: control tokens
  for (const AddedToken& token : facts.added) {
    const auto at = static_cast<size_t>(token.id);
    const bool in_model = at < facts.in_model.size() && facts.in_model[at];
    if (token.special) never.insert(texts[at]);
    if (token.special || !in_model) words[at].clear();
  }
  std::vector<std::pair<std::string, std::string>> merges = facts.merges;
  if (facts.bpe.bytes)
    for (auto& [left, right] : merges) left = bytes_of(left), right = bytes_of(right);
  std::erase_if(merges, [&](const auto& merge) { return never.contains(merge.first) || never.contains(merge.second) || never.contains(merge.first + merge.second); });
  return Bpe(words, merges, facts.bpe);
}

/// "<0x0A>" → its byte; -1 for other pieces.
int byte_of(const std::string& piece) {
  if (piece.size() != 6 || !piece.starts_with("<0x") || piece[5] != '>') return -1;
  int value = 0;
  for (const char c : piece.substr(3, 2)) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

std::string replace_marks(std::string_view piece) {
  std::string text;
  for (size_t at = 0; at < piece.size();) {
    const bool mark = piece.substr(at).starts_with(kMark);
    text += mark ? ' ' : piece[at];
    at += mark ? kMark.size() : 1;
  }
  return text;
}

/// The file with the tokens that only the files beside it know, and those that they call special.
TokenizerJson facts_of(std::string_view content, const std::string& where, const SideFiles& side) {
  TokenizerJson facts = parse_tokenizer_json(content, where);
  std::unordered_map<std::string, size_t> known;
  for (size_t i = 0; i < facts.added.size(); ++i) known.emplace(facts.added[i].content, i);
  const size_t before = facts.added.size();
  for (const AddedToken& token : side.added) {
    if (known.contains(token.content)) continue;
    const auto at = static_cast<size_t>(token.id);
    if (at > 2 * facts.pieces.size() + 65'536 || (at < facts.pieces.size() && !facts.pieces[at].empty() && facts.pieces[at] != token.content))
      throw Error(ExitCode::data, fmt::format("{}: the files beside it give the token {} the id {}, which is another's or far behind the vocabulary; "
                                              "they do not belong together", where, token.content, token.id));
    if (facts.pieces.size() <= at) facts.pieces.resize(at + 1);
    facts.pieces[at] = token.content;
    facts.added.push_back(token);
  }
  const std::vector<std::string> special = special_contents(side);
  std::unordered_set<std::string> wanted(special.begin(), special.end());
  for (const auto& [text, place] : known) wanted.erase(text);
  for (const AddedToken& token : side.added) wanted.erase(token.content);
  for (size_t id = 0; id < facts.pieces.size() && !wanted.empty(); ++id)
    if (wanted.erase(facts.pieces[id]) > 0) facts.added.push_back({.id = static_cast<int32_t>(id), .content = facts.pieces[id], .special = true});
  facts.added_beside = facts.added.size() - before;
  return facts;
}

}  // namespace

HuggingFaceTokenizer::HuggingFaceTokenizer(std::string_view content, std::vector<std::filesystem::path> files, const SideFiles& side)
    : facts_(facts_of(content, files.front().string(), side)), texts_(texts_of(facts_)), bpe_(bpe_of(facts_, texts_)), files_(std::move(files)),
      sha256_(base::sha256(content)) {
  kinds_.assign(facts_.pieces.size(), PieceKind::normal);
  for (size_t id = 0; id < kinds_.size(); ++id) {
    if (facts_.pieces[id].empty()) kinds_[id] = PieceKind::unused;
    else if (facts_.bpe.byte_fallback && byte_of(facts_.pieces[id]) >= 0) kinds_[id] = PieceKind::byte;
  }
  for (const AddedToken& token : facts_.added) kinds_[static_cast<size_t>(token.id)] = token.special ? PieceKind::control : PieceKind::user_defined;
  for (const AddedToken& token : facts_.added) hides_unknown_ = hides_unknown_ || (token.special && token.id == facts_.bpe.unknown);
  if (facts_.bpe.unknown >= 0) kinds_[static_cast<size_t>(facts_.bpe.unknown)] = PieceKind::unknown;
  sort_added();
  cuts_before_marks_ = words_end_before_marks();
  if (facts_.added_beside > 0) {
    std::string shape;
    for (size_t i = facts_.added.size() - facts_.added_beside; i < facts_.added.size(); ++i) {
      const AddedToken& token = facts_.added[i];
      shape += fmt::format("{}\n{}\n{}{}{}{}{}\n", token.id, token.content, token.special, token.normalized, token.lstrip, token.rstrip, token.single_word);
    }
    sha256_ = base::sha256(sha256_ + shape);
  }
  const auto first_of = [this](const std::optional<std::string>& name, std::initializer_list<const char*> otherwise) {
    if (name) return name->empty() ? -1 : find(*name);
    for (const char* each : otherwise)
      if (const int32_t id = find(each); id >= 0) return id;
    return -1;
  };
  unk_id_ = facts_.bpe.unknown;
  bos_id_ = facts_.opening.empty() || side.names.bos ? first_of(side.names.bos, {"<s>", "<|begin_of_text|>"}) : facts_.opening.front();
  eos_id_ = first_of(side.names.eos, {"</s>", "<|end_of_text|>", "<|endoftext|>", "<|im_end|>"});
  pad_id_ = first_of(side.names.pad, {"<pad>"});
  const bool puts_bos = std::find(facts_.opening.begin(), facts_.opening.end(), bos_id_) != facts_.opening.end();
  adds_bos_ = bos_id_ >= 0 && side.add_bos_token.value_or(puts_bos);
}

void HuggingFaceTokenizer::sort_added() {
  std::array<std::vector<AddedToken>, 4> lists;  // as given, normalized; without and with control tokens
  for (AddedToken token : facts_.added) {
    if (token.normalized) {
      MappedText content = MappedText::of(token.content, MappedText::Origins::forgotten);
      normalize(content);
      const std::string normalized(content.text());
      token.content = normalized;
    }
    const size_t list = token.normalized ? 1 : 0;
    if (!token.special) lists[list].push_back(token);
    lists[2 + list].push_back(std::move(token));
  }
  text_tokens_ = {AddedTokens(std::move(lists[0])), AddedTokens(std::move(lists[1]))};
  all_tokens_ = {AddedTokens(std::move(lists[2])), AddedTokens(std::move(lists[3]))};
}

bool HuggingFaceTokenizer::words_end_before_marks() const {
  if (facts_.bpe.bytes || facts_.bpe.ignore_merges || !facts_.splits.empty() || facts_.splits_at_marks) return false;
  bool has_mark = false;
  for (size_t id = 0; id < facts_.in_model.size(); ++id) {
    if (!facts_.in_model[id]) continue;
    const std::string_view piece = facts_.pieces[id];
    has_mark = has_mark || piece == kMark;
    size_t begin = 0;
    while (piece.substr(begin).starts_with(kMark)) begin += kMark.size();
    if (piece.find(kMark, begin) != piece.npos) return false;
  }
  return has_mark;
}

void HuggingFaceTokenizer::normalize(MappedText& part) const {
  for (const NormalizerStep& step : facts_.normalizers) {
    switch (step.kind) {
      case NormalizerStep::Kind::form: part.normalise(step.form); break;
      case NormalizerStep::Kind::prepend:
        if (!part.text().empty()) part.prepend(step.with);
        break;
      case NormalizerStep::Kind::replace: part.replace(step.what, step.with); break;
      case NormalizerStep::Kind::replace_expression: part.replace(*step.expression, step.with); break;
    }
  }
}

template <typename OnWord>
void HuggingFaceTokenizer::split(size_t step, std::string_view text, size_t begin, size_t end, OnWord on_word) const {
  if (step < facts_.splits.size()) {
    for_each_word(facts_.splits[step], text.substr(begin, end - begin), [&](size_t from, size_t to) {
      if (step + 1 == facts_.splits.size() && !facts_.splits_at_marks) on_word(begin + from, begin + to);
      else split(step + 1, text, begin + from, begin + to, on_word);
    });
    return;
  }
  if (!facts_.splits_at_marks && !cuts_before_marks_) return on_word(begin, end);
  while (begin < end) {
    size_t next = begin;
    if (cuts_before_marks_)
      while (text.substr(next).starts_with(kMark)) next += kMark.size();
    else if (text.substr(next).starts_with(kMark)) next += kMark.size();
    next = std::min(end, text.find(kMark, next));
    on_word(begin, next);
    begin = next;
  }
}

template <typename OnWord>
void HuggingFaceTokenizer::cut_words(const MappedText& part, OnWord on_word) const {
  const std::string_view text = part.text();
  const bool changes = facts_.metaspace || (facts_.add_prefix_space && !text.starts_with(' '));
  if (!changes) return split(0, text, 0, text.size(), [&](size_t begin, size_t end) { on_word(part, begin, end); });
  MappedText changed = part.part(0, text.size());
  if (facts_.metaspace) {
    changed.replace(" ", kMark);
    const bool wanted = facts_.prefix == Prefix::every_part || (facts_.prefix == Prefix::first_part && part.opens_text());
    if (wanted && !changed.text().starts_with(kMark)) changed.prepend(kMark);
  }
  if (facts_.add_prefix_space && !changed.text().starts_with(' ')) changed.prepend(" ");
  split(0, changed.text(), 0, changed.text().size(), [&](size_t begin, size_t end) { on_word(changed, begin, end); });
}

template <typename OnToken, typename OnWord>
void HuggingFaceTokenizer::for_each_part(std::string_view text, const Added& added, MappedText::Origins origins, OnToken on_token, OnWord on_word) const {
  const MappedText whole = MappedText::of(text, origins);
  const auto outer_part = [&](size_t from, size_t to) {
    MappedText part = whole.part(from, to);
    normalize(part);
    if (added.normalized.empty()) return cut_words(part, on_word);
    for (const TextPart& inner : added.normalized.split(part.text())) {
      if (inner.id >= 0) on_token(inner.id, part, inner.begin, inner.end);
      else cut_words(part.part(inner.begin, inner.end), on_word);
    }
  };
  if (added.as_given.empty()) return outer_part(0, whole.text().size());
  for (const TextPart& outer : added.as_given.split(whole.text())) {
    if (outer.id >= 0) on_token(outer.id, whole, outer.begin, outer.end);
    else outer_part(outer.begin, outer.end);
  }
}

template <typename Take>
void HuggingFaceTokenizer::for_each_token(std::string_view text, const Added& added, Take take) const {
  std::vector<WordToken> tokens;
  for_each_part(text, added, MappedText::Origins::kept, take, [&](const MappedText& part, size_t begin, size_t end) {
    tokens.clear();
    bpe_.encode(part.text().substr(begin, end - begin), tokens);
    for (const WordToken& token : tokens) take(token.id, part, begin + token.begin, begin + token.end);
  });
}

std::vector<int32_t> HuggingFaceTokenizer::ids_of(std::string_view text, const Added& added) const {
  std::vector<int32_t> ids;
  ids.reserve(text.size() / 3);
  for_each_part(
      text, added, MappedText::Origins::forgotten, [&ids](int32_t id, const MappedText&, size_t, size_t) { ids.push_back(id); },
      [&](const MappedText& part, size_t begin, size_t end) { bpe_.encode(part.text().substr(begin, end - begin), ids); });
  return ids;
}

std::vector<TokenSpan> HuggingFaceTokenizer::spans_of(std::string_view text, const Added& added) const {
  std::vector<TokenSpan> spans;
  // A character belongs to the token that holds its last byte.
  const auto character_start = [](std::string_view in, size_t at) {
    while (at > 0 && at < in.size() && (static_cast<unsigned char>(in[at]) & 0xC0) == 0x80) --at;
    return at;
  };
  for_each_token(text, added, [&](int32_t id, const MappedText& part, size_t begin, size_t end) {
    const uint64_t from = part.origin(character_start(part.text(), begin)), to = part.origin(character_start(part.text(), end));
    spans.push_back({id, from, std::max(from, to)});
  });
  return spans;
}

std::vector<int32_t> HuggingFaceTokenizer::encode(std::string_view text) const { return ids_of(text, text_tokens_); }
std::vector<int32_t> HuggingFaceTokenizer::encode_markup(std::string_view text) const { return ids_of(text, all_tokens_); }
std::vector<TokenSpan> HuggingFaceTokenizer::encode_spans(std::string_view text) const { return spans_of(text, text_tokens_); }
std::vector<TokenSpan> HuggingFaceTokenizer::encode_markup_spans(std::string_view text) const { return spans_of(text, all_tokens_); }

std::vector<std::string> HuggingFaceTokenizer::encode_pieces(std::string_view text) const {
  std::vector<std::string> pieces;
  for_each_token(text, text_tokens_, [&](int32_t id, const MappedText& part, size_t begin, size_t end) {
    pieces.push_back(id == unk_id_ ? std::string(part.text().substr(begin, end - begin)) : facts_.pieces[static_cast<size_t>(id)]);
  });
  return pieces;
}

/// What a token adds to a text.
std::string HuggingFaceTokenizer::shown(size_t id) const {
  if (facts_.bpe.bytes) return texts_[id];
  return facts_.replaces_marks ? replace_marks(facts_.pieces[id]) : facts_.pieces[id];
}

std::string HuggingFaceTokenizer::decoded(std::span<const int32_t> ids, bool with_control) const {
  std::string bytes, run;
  // Bytes of a character that has no token: a run that is no UTF-8 gives U+FFFD for each of them.
  const auto end_run = [&] {
    if (MappedText::of(run, MappedText::Origins::forgotten).text() == run) bytes += run;
    else
      for (size_t i = 0; i < run.size(); ++i) bytes += "\xEF\xBF\xBD";
    run.clear();
  };
  for (const int32_t id : ids) {
    check(id);
    const auto at = static_cast<size_t>(id);
    if (kinds_[at] == PieceKind::byte) {
      run += static_cast<char>(byte_of(facts_.pieces[at]));
      continue;
    }
    end_run();
    if (!with_control && (kinds_[at] == PieceKind::control || (kinds_[at] == PieceKind::unknown && hides_unknown_))) continue;
    bytes += shown(at);
  }
  end_run();
  if (facts_.strips_prefix && bytes.starts_with(' ')) bytes.erase(0, 1);
  return facts_.bpe.bytes ? std::string(MappedText::of(bytes, MappedText::Origins::forgotten).text()) : bytes;
}

std::string HuggingFaceTokenizer::decode(std::span<const int32_t> ids) const { return decoded(ids, false); }
std::string HuggingFaceTokenizer::decode_markup(std::span<const int32_t> ids) const { return decoded(ids, true); }

std::string HuggingFaceTokenizer::piece(int32_t id) const {
  check(id);
  return facts_.pieces[static_cast<size_t>(id)];
}

PieceKind HuggingFaceTokenizer::kind(int32_t id) const {
  check(id);
  return kinds_[static_cast<size_t>(id)];
}

std::string HuggingFaceTokenizer::surface(int32_t id) const {
  check(id);
  const auto at = static_cast<size_t>(id);
  if (kinds_[at] == PieceKind::control || kinds_[at] == PieceKind::unused || (kinds_[at] == PieceKind::unknown && hides_unknown_)) return "";
  if (kinds_[at] == PieceKind::byte) return std::string(1, static_cast<char>(byte_of(facts_.pieces[at])));
  return shown(at);
}

LeadingSpace HuggingFaceTokenizer::leading_space() const { return facts_.strips_prefix ? LeadingSpace::drop_one : LeadingSpace::keep; }

int32_t HuggingFaceTokenizer::find(const std::string& piece) const {
  const auto found = std::find(facts_.pieces.begin(), facts_.pieces.end(), piece);
  return found == facts_.pieces.end() ? -1 : static_cast<int32_t>(found - facts_.pieces.begin());
}

void HuggingFaceTokenizer::check(int32_t id) const {
  if (id < 0 || id >= vocabulary_size())
    throw Error(ExitCode::data, fmt::format("{} is no token of {}, which has {}", id, files_.front().string(), vocabulary_size()));
}

}  // namespace hone::tokenizer
