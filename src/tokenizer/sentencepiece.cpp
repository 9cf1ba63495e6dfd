#include "tokenizer/sentencepiece.h"

#include <fmt/format.h>

#include <utility>

#include "base/error.h"
#include "base/hash.h"

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

SentencePieceTokenizer::SentencePieceTokenizer(const std::string& content,
                                               std::vector<std::filesystem::path> files, bool wants_bos)
    : facts_(inspect_sentencepiece(content, files.front().string())),
      files_(std::move(files)),
      sha256_(base::sha256(content)),
      wants_bos_(wants_bos) {
  load(processor_, content, files_.front().string());
  if (facts_.line_break_stands_alone && !facts_.rewrites_characters && !facts_.remove_extra_whitespaces) {
    inside_ = std::make_unique<sentencepiece::SentencePieceProcessor>();
    load(*inside_, content + std::string(kWithoutPrefix), files_.front().string());
  }
  vocabulary_size_ = processor_.GetPieceSize();
}

void SentencePieceTokenizer::check(int32_t id) const {
  if (id < 0 || id >= vocabulary_size_)
    throw Error(
        ExitCode::data,
        fmt::format("token id {} is outside the vocabulary of {} pieces in {}; the ids come from another "
                    "tokenizer or the model has more rows than its vocabulary",
                    id, vocabulary_size_, files_.front().string()));
}

template <typename Visit>
void SentencePieceTokenizer::for_each_part(std::string_view text, Visit visit) const {
  if (!inside_) return visit(processor_, text, uint64_t{0});
  const auto* processor = &processor_;
  uint64_t offset = 0;
  do {
    const std::string_view rest = text.substr(offset);
    size_t size = rest.size();
    if (size > kPartBytes) {
      size_t cut = rest.rfind('\n', kPartBytes - 1);
      if (cut == rest.npos) cut = rest.find('\n', kPartBytes);
      if (cut != rest.npos) size = cut + 1;
    }
    visit(*processor, rest.substr(0, size), offset);
    offset += size;
    processor = inside_.get();
  } while (offset < text.size());
}

std::vector<int32_t> SentencePieceTokenizer::encode(std::string_view text) const {
  std::vector<int32_t> ids;
  for_each_part(text, [&](const auto& processor, std::string_view part, uint64_t) {
    std::vector<int> of_part;
    throw_unless_ok(processor.Encode(part, &of_part));
    ids.insert(ids.end(), of_part.begin(), of_part.end());
  });
  return ids;
}

std::vector<TokenSpan> SentencePieceTokenizer::encode_spans(std::string_view text) const {
  std::vector<TokenSpan> spans;
  for_each_part(text, [&](const auto& processor, std::string_view part, uint64_t offset) {
    const auto result = processor.EncodeAsImmutableProto(part);
    for (size_t i = 0; i < result.pieces_size(); ++i) {
      const auto token = result.pieces(static_cast<int>(i));
      spans.push_back({static_cast<int32_t>(token.id()), offset + token.begin(), offset + token.end()});
    }
  });
  return spans;
}

std::vector<std::string> SentencePieceTokenizer::encode_pieces(std::string_view text) const {
  std::vector<std::string> pieces;
  for_each_part(text, [&](const auto& processor, std::string_view part, uint64_t) {
    std::vector<std::string> of_part;
    throw_unless_ok(processor.Encode(part, &of_part));
    pieces.insert(pieces.end(), of_part.begin(), of_part.end());
  });
  return pieces;
}

std::string SentencePieceTokenizer::decode(std::span<const int32_t> ids) const {
  for (const int32_t id : ids) check(id);
  std::string text;
  const auto status = processor_.Decode(std::vector<int>(ids.begin(), ids.end()), &text);
  if (!status.ok())
    throw Error(ExitCode::internal, fmt::format("SentencePiece cannot decode ids: {}", status.message()));
  return text;
}

std::string SentencePieceTokenizer::piece(int32_t id) const {
  check(id);
  return processor_.IdToPiece(id);
}

PieceKind SentencePieceTokenizer::kind(int32_t id) const {
  check(id);
  return facts_.kinds[static_cast<size_t>(id)];
}

std::string SentencePieceTokenizer::surface(int32_t id) const {
  switch (kind(id)) {
    case PieceKind::control:
      return {};
    case PieceKind::unknown:
      return decode(std::span(&id, 1));
    case PieceKind::byte:
      return {static_cast<char>(std::stoi(processor_.IdToPiece(id).substr(3, 2), nullptr, 16))};
    default:
      break;
  }
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
  if (facts_.remove_extra_whitespaces) return LeadingSpace::drop_one_each_token;
  return facts_.add_dummy_prefix ? LeadingSpace::drop_one : LeadingSpace::keep;
}

}  // namespace hone::tokenizer
