#pragma once
/// What a SentencePiece model file says about itself, read before the library sees it.
///
/// The file is a protocol buffer (sentencepiece_model.proto of github.com/google/sentencepiece): 1 pieces {1
/// piece, 2 score, 3 type}, 2 trainer_spec, 3 normalizer_spec {2 precompiled_charsmap, 3 add_dummy_prefix, 4
/// remove_extra_whitespaces}, 5 denormalizer_spec. The library trusts the character map: it walks a double
/// array (Darts-clone) without bounds, so every link of that array is checked here. Invariant: what inspect()
/// returns can be loaded and used without reading astray.
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/tokenizer.h"

namespace hone::tokenizer {

struct SentencePieceFacts {
  std::vector<PieceKind> kinds;  ///< Of each piece.
  bool byte_fallback = false;
  bool add_dummy_prefix = true;
  bool remove_extra_whitespaces = true;
  bool rewrites_characters = false;  ///< Has a character map.
  bool line_break_stands_alone =
      true;  ///< A line break is a token of its own (a byte or a symbol) and part of no other.
};

/// `where` (a path) opens every message. Throws data when `content` is no SentencePiece model, is truncated,
/// contradicts itself, or asks for what Hone does not do.
SentencePieceFacts inspect_sentencepiece(std::string_view content, const std::string& where);

}  // namespace hone::tokenizer
