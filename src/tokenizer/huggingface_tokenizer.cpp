#include "tokenizer/huggingface_tokenizer.h"

#include <fmt/format.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "base/error.h"
#include "base/hash.h"
#include "tokenizer/mapped_text.h"

namespace hone::tokenizer {
namespace {

constexpr std::string_view kMark = "\xE2\x96\x81";  // ▁

/// GPT-2's spelling of bytes: printable Latin-1 as itself, the other 68 as U+0100 … U+0143.
const std::map<char32_t, char>& byte_characters() {
  static const std::map<char32_t, char> kCharacters = [] {
    std::map<char32_t, char> characters;
    char32_t next = 0x100;
    for (int byte = 0; byte < 256; ++byte) {
      const bool shown = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
      characters[shown ? static_cast<char32_t>(byte) : next++] = static_cast<char>(byte);
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
    const auto found = byte_characters().find(static_cast<char32_t>(c));
    if (c < 0 || found == byte_characters().end()) return piece;
    bytes += found->second;
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
  for (const AddedToken& token : facts.added)
    if (token.special || facts.bpe.bytes) words[static_cast<size_t>(token.id)].clear();  // never the outcome of a merge
  std::vector<std::pair<std::string, std::string>> merges = facts.merges;
  if (facts.bpe.bytes)
    for (auto& [left, right] : merges) left = bytes_of(left), right = bytes_of(right);
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
  if (facts_.bpe.unknown >= 0) kinds_[static_cast<size_t>(facts_.bpe.unknown)] = PieceKind::unknown;
  sort_added();
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
      MappedText content = MappedText::of(token.content);
      normalize(content, true);
      token.content = content.text();
    }
    const size_t list = token.normalized ? 1 : 0;
    if (!token.special) lists[list].push_back(token);
    lists[2 + list].push_back(std::move(token));
  }
  text_tokens_ = {AddedTokens(std::move(lists[0])), AddedTokens(std::move(lists[1]))};
  all_tokens_ = {AddedTokens(std::move(lists[2])), AddedTokens(std::move(lists[3]))};
}

void HuggingFaceTokenizer::normalize(MappedText& part, bool first) const {
  if (facts_.nfc) part.compose();
  if (facts_.prefix != Prefix::never && !facts_.prefix_only_once) part.prepend(kMark);
  if (facts_.spaces_to_marks) part.replace(' ', kMark);
  const bool wanted = facts_.prefix == Prefix::every_part || (facts_.prefix == Prefix::first_part && first);
  if (facts_.prefix_only_once && wanted && !part.text().starts_with(kMark)) part.prepend(kMark);
}

template <typename Take>
void HuggingFaceTokenizer::encode_part(const MappedText& part, Take take) const {
  const std::string_view text = part.text();
  thread_local std::vector<WordToken> tokens;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = text.size();
    if (facts_.split) end = word_end(*facts_.split, text, begin);
    else if (facts_.splits_at_marks) end = std::min(text.size(), text.find(kMark, begin + 1));
    tokens.clear();
    bpe_.encode(text.substr(begin, end - begin), tokens);
    for (const WordToken& token : tokens) take(token.id, part, begin + token.begin, begin + token.end);
    begin = end;
  }
}

template <typename Take>
void HuggingFaceTokenizer::for_each_token(std::string_view text, const Added& added, Take take) const {
  const MappedText whole = MappedText::of(text);
  bool first = true;
  for (const TextPart& outer : added.as_given.split(whole.text())) {
    if (outer.id >= 0) {
      take(outer.id, whole, outer.begin, outer.end);
      first = false;
      continue;
    }
    MappedText part = whole.part(outer.begin, outer.end);
    normalize(part, first);
    first = false;
    if (facts_.add_prefix_space && !part.text().starts_with(' ')) part.prepend(" ");
    if (added.normalized.empty()) {
      encode_part(part, take);
      continue;
    }
    for (const TextPart& inner : added.normalized.split(part.text())) {
      if (inner.id >= 0) take(inner.id, part, inner.begin, inner.end);
      else encode_part(part.part(inner.begin, inner.end), take);
    }
  }
}

std::vector<int32_t> HuggingFaceTokenizer::ids_of(std::string_view text, const Added& added) const {
  std::vector<int32_t> ids;
  for_each_token(text, added, [&ids](int32_t id, const MappedText&, size_t, size_t) { ids.push_back(id); });
  return ids;
}

std::vector<TokenSpan> HuggingFaceTokenizer::spans_of(std::string_view text, const Added& added) const {
  std::vector<TokenSpan> spans;
  // A character belongs to the token that holds its last byte.
  const auto character_start = [](const std::string& in, size_t at) {
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
    pieces.push_back(id == unk_id_ ? part.text().substr(begin, end - begin) : facts_.pieces[static_cast<size_t>(id)]);
  });
  return pieces;
}

std::string HuggingFaceTokenizer::decoded(std::span<const int32_t> ids, bool with_control) const {
  std::string bytes, run;
  // Bytes of a character that has no token: a run that is no UTF-8 gives U+FFFD for each of them.
  const auto end_run = [&] {
    const MappedText read = MappedText::of(run);
    if (read.text() == run) bytes += run;
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
    const bool control = kinds_[at] == PieceKind::control || (id == unk_id_ && facts_.bpe.unknown >= 0 && !with_control);
    if (control && !with_control) continue;
    bytes += facts_.bpe.bytes ? texts_[at] : replace_marks(facts_.pieces[at]);
  }
  end_run();
  if (facts_.strips_prefix && bytes.starts_with(' ')) bytes.erase(0, 1);
  return facts_.bpe.bytes ? MappedText::of(bytes).text() : bytes;
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
  if (kinds_[at] == PieceKind::control || kinds_[at] == PieceKind::unused) return "";
  if (kinds_[at] == PieceKind::byte) return std::string(1, static_cast<char>(byte_of(facts_.pieces[at])));
  return facts_.bpe.bytes ? texts_[at] : replace_marks(facts_.pieces[at]);
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
