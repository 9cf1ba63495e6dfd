#include "tokenizer/sentencepiece.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/hash.h"
#include "tokenizer/stream_decoder.h"

namespace hone::tokenizer {
namespace {

constexpr std::string_view kSpaceSymbol = "\xE2\x96\x81";  // ▁, how the vocabulary writes a space
constexpr size_t kPartBytes = 65'536;
/// A normalizer_spec that says add_dummy_prefix: false. Behind a model it is merged into the one there
/// (protocol buffers).
constexpr std::string_view kWithoutPrefix("\x1a\x02\x18\x00", 4);

void load(sentencepiece::SentencePieceProcessor& processor, const std::string& content,
          const std::string& where) {
  const auto status = processor.LoadFromSerializedProto(content);
  if (!status.ok())
    throw Error(ExitCode::data,
                fmt::format("{}: not a usable SentencePiece model ({}); copy the file again or name another",
                            where, status.message()));
}

void throw_unless_ok(const sentencepiece::util::Status& status) {
  if (!status.ok())
    throw Error(ExitCode::internal, fmt::format("SentencePiece cannot encode a text: {}", status.message()));
}

}  // namespace

SentencePieceTokenizer::SentencePieceTokenizer(const std::string& content, std::vector<std::filesystem::path> files, const SideFiles& side)
    : facts_(inspect_sentencepiece(content, files.front().string())), files_(std::move(files)), sha256_(base::sha256(content)),
      wants_bos_(side.add_bos_token.value_or(true)) {
  load(processor_, content, files_.front().string());
  model_size_ = vocabulary_size_ = processor_.GetPieceSize();
  if (side.legacy == false) prefix_ = PrefixOf::first_part;
  if (side.add_prefix_space == false) prefix_ = PrefixOf::no_part;
  cuts_long_texts_ = facts_.line_break_stands_alone && !facts_.rewrites_characters && !facts_.remove_extra_whitespaces;
  if (facts_.add_dummy_prefix && (cuts_long_texts_ || prefix_ != PrefixOf::every_part)) {
    inside_ = std::make_unique<Processor>();
    load(*inside_, content + std::string(kWithoutPrefix), files_.front().string());
  }
  take_added(side);
  bos_id_ = named(side.names.bos, processor_.bos_id());
  eos_id_ = named(side.names.eos, processor_.eos_id());
  pad_id_ = named(side.names.pad, processor_.pad_id());
}

/// Tokens behind the model's pieces, and control pieces, which markup spells out.
void SentencePieceTokenizer::take_added(const SideFiles& side) {
  std::vector<AddedToken> in_text, all;
  std::string shape;  // what of it shapes ids
  std::vector<bool> listed(static_cast<size_t>(model_size_));
  const int64_t most = 2 * static_cast<int64_t>(model_size_) + 65'536;
  for (const AddedToken& token : side.added) {
    const auto at = static_cast<size_t>(token.id);
    if (token.id > most) throw Error(ExitCode::data, fmt::format("{}: the added token {} has the id {}, far behind the {} pieces of the model", files_.front().string(), token.content, token.id, model_size_));
    const bool known = token.id < model_size_ && processor_.IdToPiece(token.id) == token.content;
    if (known) {
      listed[at] = true;
      if (!token.special && facts_.kinds[at] == PieceKind::user_defined) continue;  // the library finds it
    } else {
      if (token.id < model_size_)
        throw Error(ExitCode::data, fmt::format("{}: id {} is {} in the model and {} beside it; the files do not belong together", files_.front().string(), token.id, processor_.IdToPiece(token.id), token.content));
      added_.resize(std::max(added_.size(), at - static_cast<size_t>(model_size_) + 1));
      facts_.kinds.resize(std::max(facts_.kinds.size(), at + 1), PieceKind::unused);
      added_[at - static_cast<size_t>(model_size_)] = token.content;
      shape += fmt::format("{}\n{}\n{}{}{}{}\n", token.id, token.content, token.special, token.lstrip, token.rstrip, token.single_word);
    }
    if (facts_.kinds[at] != PieceKind::unknown) facts_.kinds[at] = token.special ? PieceKind::control : PieceKind::user_defined;
    if (!token.special) in_text.push_back(token);
    all.push_back(token);
  }
  for (const std::string& content : special_contents(side)) {  // pieces of the model that the files beside it call special
    const int32_t id = processor_.PieceToId(content);
    if (processor_.IdToPiece(id) != content || facts_.kinds[static_cast<size_t>(id)] == PieceKind::unknown) continue;
    facts_.kinds[static_cast<size_t>(id)] = PieceKind::control;
  }
  vocabulary_size_ = static_cast<int32_t>(facts_.kinds.size());
  for (int32_t id = 0; id < model_size_; ++id) {
    const PieceKind kind = facts_.kinds[static_cast<size_t>(id)];
    if (!listed[static_cast<size_t>(id)] && (kind == PieceKind::control || kind == PieceKind::unknown))
      all.push_back({.id = id, .content = processor_.IdToPiece(id), .special = true});
  }
  text_tokens_ = AddedTokens(std::move(in_text));
  all_tokens_ = AddedTokens(std::move(all));
  if (prefix_ != PrefixOf::every_part) shape += prefix_ == PrefixOf::first_part ? "prefix of the first part" : "no prefix";
  if (!shape.empty()) sha256_ = base::sha256(sha256_ + shape);
}

/// The id of a name given beside the model; -1 when the name is empty or unknown.
int32_t SentencePieceTokenizer::named(const std::optional<std::string>& name, int32_t otherwise) const {
  if (!name) return otherwise;
  if (name->empty()) return -1;
  for (size_t i = 0; i < added_.size(); ++i)
    if (added_[i] == *name) return model_size_ + static_cast<int32_t>(i);
  const int32_t id = processor_.PieceToId(*name);
  return id != processor_.unk_id() || processor_.IdToPiece(id) == *name ? id : -1;
}

void SentencePieceTokenizer::check(int32_t id) const {
  if (id < 0 || id >= vocabulary_size_)
    throw Error(
        ExitCode::data,
        fmt::format("token id {} is outside the vocabulary of {} pieces in {}; the ids come from another "
                    "tokenizer or the model has more rows than its vocabulary",
                    id, vocabulary_size_, files_.front().string()));
}

bool SentencePieceTokenizer::gets_prefix(std::string_view part, uint64_t offset) const {
  if (prefix_ == PrefixOf::every_part) return true;
  return prefix_ == PrefixOf::first_part && offset == 0 && !part.starts_with(' ') && !part.starts_with(kSpaceSymbol);
}

template <typename Visit>
void SentencePieceTokenizer::in_pieces(std::string_view text, uint64_t offset, bool with_prefix, Visit visit) const {
  const Processor* processor = with_prefix || !inside_ ? &processor_ : inside_.get();
  if (!cuts_long_texts_) return visit(*processor, text, offset);
  const Processor* behind = inside_ ? inside_.get() : &processor_;
  uint64_t done = 0;
  do {
    const std::string_view rest = text.substr(done);
    size_t size = rest.size();
    if (size > kPartBytes) {
      size_t cut = rest.rfind('\n', kPartBytes - 1);
      if (cut == rest.npos) cut = rest.find('\n', kPartBytes);
      if (cut != rest.npos) size = cut + 1;
    }
    visit(*processor, rest.substr(0, size), offset + done);
    done += size;
    processor = behind;
  } while (done < text.size());
}

template <typename TakeToken, typename TakeText>
void SentencePieceTokenizer::for_each_part(std::string_view text, const AddedTokens& tokens, TakeToken take_token, TakeText take_text) const {
  if (tokens.empty()) return in_pieces(text, 0, gets_prefix(text, 0), take_text);
  for (const TextPart& part : tokens.split(text)) {
    const std::string_view words = text.substr(part.begin, part.end - part.begin);
    if (part.id >= 0) take_token(part);
    else in_pieces(words, part.begin, gets_prefix(words, part.begin), take_text);
  }
}

std::vector<int32_t> SentencePieceTokenizer::ids_of(std::string_view text, const AddedTokens& tokens) const {
  std::vector<int32_t> ids;
  for_each_part(
      text, tokens, [&](const TextPart& token) { ids.push_back(token.id); },
      [&](const Processor& processor, std::string_view part, uint64_t) {
        std::vector<int> of_part;
        throw_unless_ok(processor.Encode(part, &of_part));
        ids.insert(ids.end(), of_part.begin(), of_part.end());
      });
  return ids;
}

std::vector<TokenSpan> SentencePieceTokenizer::spans_of(std::string_view text, const AddedTokens& tokens) const {
  std::vector<TokenSpan> spans;
  for_each_part(
      text, tokens, [&](const TextPart& token) { spans.push_back({token.id, token.begin, token.end}); },
      [&](const Processor& processor, std::string_view part, uint64_t offset) {
        const auto result = processor.EncodeAsImmutableProto(part);
        for (size_t i = 0; i < result.pieces_size(); ++i) {
          const auto token = result.pieces(static_cast<int>(i));
          spans.push_back({static_cast<int32_t>(token.id()), offset + token.begin(), offset + token.end()});
        }
      });
  return spans;
}

std::vector<int32_t> SentencePieceTokenizer::encode(std::string_view text) const { return ids_of(text, text_tokens_); }
std::vector<int32_t> SentencePieceTokenizer::encode_markup(std::string_view text) const { return ids_of(text, all_tokens_); }
std::vector<TokenSpan> SentencePieceTokenizer::encode_spans(std::string_view text) const { return spans_of(text, text_tokens_); }
std::vector<TokenSpan> SentencePieceTokenizer::encode_markup_spans(std::string_view text) const { return spans_of(text, all_tokens_); }

std::vector<std::string> SentencePieceTokenizer::encode_pieces(std::string_view text) const {
  std::vector<std::string> pieces;
  for_each_part(
      text, text_tokens_, [&](const TextPart& token) { pieces.push_back(piece(token.id)); },
      [&](const Processor& processor, std::string_view part, uint64_t) {
        std::vector<std::string> of_part;
        throw_unless_ok(processor.Encode(part, &of_part));
        pieces.insert(pieces.end(), of_part.begin(), of_part.end());
      });
  return pieces;
}

std::string SentencePieceTokenizer::decode(std::span<const int32_t> ids) const {
  for (const int32_t id : ids) check(id);
  if (!added_.empty() || prefix_ == PrefixOf::no_part) {  // the library does not know of either
    StreamDecoder stream(*this);
    std::string text;
    for (const int32_t id : ids) text += stream.add(id);
    return text + stream.finish();
  }
  std::string text;
  const auto status = processor_.Decode(std::vector<int>(ids.begin(), ids.end()), &text);
  if (!status.ok())
    throw Error(ExitCode::internal, fmt::format("SentencePiece cannot decode ids: {}", status.message()));
  return text;
}

std::string SentencePieceTokenizer::decode_markup(std::span<const int32_t> ids) const {
  StreamDecoder stream(*this, StreamDecoder::Start::inside);
  std::string text;
  for (const int32_t id : ids) {
    const PieceKind what = kind(id);
    if (what == PieceKind::control || what == PieceKind::unknown) text += stream.finish() + piece(id);
    else text += stream.add(id);
  }
  text += stream.finish();
  if (leading_space() != LeadingSpace::keep && text.starts_with(' ')) text.erase(0, 1);
  return text;
}

std::string SentencePieceTokenizer::piece(int32_t id) const {
  check(id);
  return id < model_size_ ? processor_.IdToPiece(id) : added_[static_cast<size_t>(id - model_size_)];
}

PieceKind SentencePieceTokenizer::kind(int32_t id) const {
  check(id);
  return facts_.kinds[static_cast<size_t>(id)];
}

std::string SentencePieceTokenizer::surface(int32_t id) const {
  switch (kind(id)) {
    case PieceKind::control:
      return {};
    case PieceKind::unknown: {
      std::string text;
      throw_unless_ok(processor_.Decode(std::vector<int>{id}, &text));
      return text;
    }
    case PieceKind::byte:
      return {static_cast<char>(std::stoi(processor_.IdToPiece(id).substr(3, 2), nullptr, 16))};
    default:
      break;
  }
  if (id >= model_size_) return added_[static_cast<size_t>(id - model_size_)];
  std::string text;
  std::string_view rest = processor_.IdToPiece(id);
  while (!rest.empty()) {
    if (rest.starts_with(kSpaceSymbol)) {
      text += ' ';
      rest.remove_prefix(kSpaceSymbol.size());
    } else {
      text += rest.front();
      rest.remove_prefix(1);
    }
  }
  return text;
}

LeadingSpace SentencePieceTokenizer::leading_space() const {
  if (prefix_ == PrefixOf::no_part) return LeadingSpace::keep;
  if (facts_.remove_extra_whitespaces) return LeadingSpace::drop_one_each_token;
  return facts_.add_dummy_prefix ? LeadingSpace::drop_one : LeadingSpace::keep;
}

}  // namespace hone::tokenizer
