#include "tokenizer/sentencepiece_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <protozero/pbf_reader.hpp>
#include <unordered_set>
#include <utility>

#include "base/error.h"

namespace hone::tokenizer {
namespace {

constexpr size_t kMaxPieces = 4'000'000;
constexpr size_t kMaxPieceBytes = 65'536;

/// By the number in the file, from 1.
constexpr PieceKind kKinds[] = {PieceKind::normal,       PieceKind::unknown, PieceKind::control,
                                PieceKind::user_defined, PieceKind::unused,  PieceKind::byte};

[[noreturn]] void refuse(const std::string& where, const std::string& what) {
  throw Error(
      ExitCode::data,
      fmt::format("{}: {}; copy the file again from where it came from, or name another tokenizer.model",
                  where, what));
}

/// Fields as `case`s: number and wire type, because a field of another type is an unknown one for the library
/// as well.
constexpr uint32_t bytes_field(uint32_t number) {
  return protozero::tag_and_type(number, protozero::pbf_wire_type::length_delimited);
}
constexpr uint32_t number_field(uint32_t number) {
  return protozero::tag_and_type(number, protozero::pbf_wire_type::varint);
}
constexpr uint32_t float_field(uint32_t number) {
  return protozero::tag_and_type(number, protozero::pbf_wire_type::fixed32);
}

std::string_view text_of(protozero::data_view view) { return {view.data(), view.size()}; }

struct Pieces {
  std::vector<PieceKind> kinds;
  std::unordered_set<std::string_view> seen;
  bool line_break_inside = false;  ///< Of a piece that is more than the line break.

  int64_t count(PieceKind kind) const { return std::count(kinds.begin(), kinds.end(), kind); }
};

void check_piece(protozero::pbf_reader piece, const std::string& where, Pieces& pieces) {
  std::string_view text;
  float score = 0;
  int32_t type = 1;
  while (piece.next()) {
    switch (piece.tag_and_type()) {
      case bytes_field(1):
        text = text_of(piece.get_view());
        break;
      case float_field(2):
        score = piece.get_float();
        break;
      case number_field(3):
        type = piece.get_enum();
        break;
      default:
        piece.skip();
    }
  }
  const size_t id = pieces.kinds.size();
  if (id == kMaxPieces) refuse(where, fmt::format("holds more than {} pieces", kMaxPieces));
  if (text.empty()) refuse(where, fmt::format("piece {} is empty", id));
  if (text.size() > kMaxPieceBytes) refuse(where, fmt::format("piece {} is {} bytes long", id, text.size()));
  if (text.find('\0') != text.npos) refuse(where, fmt::format("piece {} contains a zero byte", id));
  if (!std::isfinite(score)) refuse(where, fmt::format("piece {} has a score that is no number", id));
  if (type < 1 || type > static_cast<int32_t>(std::size(kKinds)))
    refuse(where, fmt::format("piece {} is of unknown type {}", id, type));
  if (!pieces.seen.insert(text).second) refuse(where, fmt::format("piece {} is there twice", id));
  if (text != "\n" && text.find('\n') != text.npos) pieces.line_break_inside = true;
  pieces.kinds.push_back(kKinds[type - 1]);
  if (pieces.kinds.back() != PieceKind::byte) return;
  const auto hexadecimal = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); };
  if (text.size() != 6 || !text.starts_with("<0x") || text[5] != '>' || !hexadecimal(text[3]) ||
      !hexadecimal(text[4]))
    refuse(where, fmt::format("byte piece {} is not written as <0xHH>", id));
}

uint32_t word_at(std::string_view bytes, size_t index) {
  uint32_t word;
  std::memcpy(&word, bytes.data() + index * sizeof word, sizeof word);
  return word;
}

/// precompiled_charsmap: u32 bytes of the trie, the trie, then replacement strings that each end in a zero
/// byte. A unit of the trie holds a label, a flag and an offset: from unit i one goes to i ^ offset ^ (byte
/// of the key), so a link is good when its block of 256 lies inside. A unit with the top bit set is a value,
/// an offset into the strings; a unit whose bit 8 is set has its value at i ^ offset.
void check_character_map(std::string_view map, const std::string& where) {
  const auto broken = [&](const char* what) {
    refuse(where, fmt::format("its character map is broken ({})", what));
  };
  if (map.size() <= sizeof(uint32_t)) broken("too short");
  const uint32_t trie_bytes = word_at(map, 0);
  if (trie_bytes >= map.size() - sizeof(uint32_t) || trie_bytes < 1024 || trie_bytes % 1024 != 0)
    broken("size of its index");
  const std::string_view trie = map.substr(sizeof(uint32_t), trie_bytes);
  const std::string_view strings = map.substr(sizeof(uint32_t) + trie_bytes);
  if (strings.back() != '\0') broken("last string without an end");
  const size_t units = trie.size() / sizeof(uint32_t);
  for (size_t i = 0; i < units; ++i) {
    const uint32_t unit = word_at(trie, i);
    if ((unit >> 31) == 1) {
      if ((unit & 0x7fffffffU) >= strings.size()) broken("a string beyond its end");
    } else {
      const size_t offset = static_cast<size_t>(unit >> 10) << ((unit & (1U << 9)) >> 6);
      if ((i ^ offset) >= units) broken("a link beyond its end");
      if ((unit >> 8 & 1) == 1 && (word_at(trie, i ^ offset) >> 31) == 0) broken("a value that is none");
    }
  }
}

void read_trainer(protozero::pbf_reader spec, const std::string& where, SentencePieceFacts& facts) {
  while (spec.next()) {
    switch (spec.tag_and_type()) {
      case number_field(3):
        if (const int32_t type = spec.get_enum(); type < 1 || type > 4)
          refuse(where, fmt::format("is of unknown model type {}", type));
        break;
      case number_field(24):
        if (spec.get_uint64() != 0)
          refuse(where,
                 "puts white space behind words (treat_whitespace_as_suffix), which Hone does not read");
        break;
      case number_field(35):
        facts.byte_fallback = spec.get_uint64() != 0;
        break;
      default:
        spec.skip();
    }
  }
}

void read_normalizer(protozero::pbf_reader spec, const std::string& where, SentencePieceFacts& facts) {
  while (spec.next()) {
    switch (spec.tag_and_type()) {
      case bytes_field(2):
        if (const std::string_view map = text_of(spec.get_view()); !map.empty()) {
          check_character_map(map, where);
          facts.rewrites_characters = true;
        }
        break;
      case number_field(3):
        facts.add_dummy_prefix = spec.get_uint64() != 0;
        break;
      case number_field(4):
        facts.remove_extra_whitespaces = spec.get_uint64() != 0;
        break;
      case number_field(5):
        if (spec.get_uint64() == 0)
          refuse(where, "writes white space as it is (escape_whitespaces off), which Hone does not read");
        break;
      default:
        spec.skip();
    }
  }
}

void refuse_denormalizer(protozero::pbf_reader spec, const std::string& where) {
  while (spec.next()) {
    if (spec.tag_and_type() != bytes_field(2))
      spec.skip();
    else if (!spec.get_view().empty())
      refuse(where, "rewrites text while decoding, which Hone does not do");
  }
}

}  // namespace

SentencePieceFacts inspect_sentencepiece(std::string_view content, const std::string& where) {
  if (content.empty()) refuse(where, "is empty");
  SentencePieceFacts facts;
  Pieces pieces;
  bool has_trainer = false, has_normalizer = false;
  try {
    protozero::pbf_reader model(content.data(), content.size());
    while (model.next()) {
      switch (model.tag_and_type()) {
        case bytes_field(1):
          check_piece(model.get_message(), where, pieces);
          break;
        case bytes_field(2):
          read_trainer(model.get_message(), where, facts), has_trainer = true;
          break;
        case bytes_field(3):
          read_normalizer(model.get_message(), where, facts), has_normalizer = true;
          break;
        case bytes_field(5):
          refuse_denormalizer(model.get_message(), where);
          break;
        default:
          model.skip();
      }
    }
  } catch (const protozero::exception& problem) {
    refuse(where, fmt::format("is no SentencePiece model, or truncated ({})", problem.what()));
  }
  if (pieces.kinds.empty()) refuse(where, "is no SentencePiece model (no pieces in it)");
  // The sections are written in this order, so a file cut between two of them shows here.
  if (!has_trainer || !has_normalizer) refuse(where, "is truncated: it ends after its pieces");
  const int64_t unknown = pieces.count(PieceKind::unknown), bytes = pieces.count(PieceKind::byte);
  if (unknown != 1) refuse(where, fmt::format("has {} unknown pieces instead of one", unknown));
  if (facts.byte_fallback && bytes != 256)
    refuse(where, fmt::format("has {} byte pieces instead of 256", bytes));
  if (!facts.byte_fallback && bytes != 0) refuse(where, "has byte pieces but no byte fallback");
  facts.line_break_stands_alone =
      !pieces.line_break_inside && (facts.byte_fallback || pieces.seen.contains("\n"));
  facts.kinds = std::move(pieces.kinds);
  return facts;
}

}  // namespace hone::tokenizer
