#include "tokenizer/sentencepiece.h"

#include <fmt/format.h>

#include <utility>

#include "base/error.h"
#include "base/hash.h"

namespace hone::tokenizer {
namespace {

constexpr std::string_view kSpaceSymbol = "\xE2\x96\x81";  // ▁, how the vocabulary writes a space

}  // namespace

SentencePieceTokenizer::SentencePieceTokenizer(const std::string& content,
                                               std::vector<std::filesystem::path> files, bool wants_bos)
    : facts_(inspect_sentencepiece(content, files.front().string())),
      files_(std::move(files)),
      sha256_(base::sha256(content)),
      wants_bos_(wants_bos) {
  const auto status = processor_.LoadFromSerializedProto(content);
  if (!status.ok())
    throw Error(ExitCode::data,
                fmt::format("{}: not a usable SentencePiece model ({}); copy the file again or name another",
                            files_.front().string(), status.message()));
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

std::vector<int32_t> SentencePieceTokenizer::encode(std::string_view text) const {
  std::vector<int> ids;
  const auto status = processor_.Encode(text, &ids);
  if (!status.ok())
    throw Error(ExitCode::internal, fmt::format("SentencePiece cannot encode a text: {}", status.message()));
  return ids;
}

std::vector<TokenSpan> SentencePieceTokenizer::encode_spans(std::string_view text) const {
  const auto result = processor_.EncodeAsImmutableProto(text);
  std::vector<TokenSpan> spans;
  spans.reserve(result.pieces_size());
  for (size_t i = 0; i < result.pieces_size(); ++i) {
    const auto token = result.pieces(static_cast<int>(i));
    spans.push_back({static_cast<int32_t>(token.id()), token.begin(), token.end()});
  }
  return spans;
}

std::vector<std::string> SentencePieceTokenizer::encode_pieces(std::string_view text) const {
  std::vector<std::string> pieces;
  const auto status = processor_.Encode(text, &pieces);
  if (!status.ok())
    throw Error(ExitCode::internal, fmt::format("SentencePiece cannot encode a text: {}", status.message()));
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
