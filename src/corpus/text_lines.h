#pragma once
/// The lines and paragraphs of a text as the web filters count them.
///
/// Lines end at \n (the rule normalise has made every other line end one of these). Three ways of counting, each that of its
/// filter: Gopher's bullets and ellipses over all lines but an empty last one; Gopher's repetition over the pieces between runs of
/// line ends (a piece before the first or behind the last one may be empty); FineWeb's over lines that are not white space alone.
#include <cstdint>
#include <string_view>
#include <vector>

namespace hone::corpus {

struct LineCounts {
  uint64_t length = 0;    ///< Code points of the text, white space included.
  uint64_t newlines = 0;
  uint64_t hashes = 0, ellipses = 0;  ///< Of "#"; of "..." and "…" in the text.

  uint64_t lines = 0;           ///< All but an empty last one.
  uint64_t bullet_lines = 0;    ///< That begin with • or - behind white space.
  uint64_t ellipsis_lines = 0;  ///< That end with ... or … before white space.

  uint64_t pieces = 0, duplicate_pieces = 0, duplicate_piece_characters = 0;
  uint64_t paragraphs = 0, duplicate_paragraphs = 0, duplicate_paragraph_characters = 0;  ///< Between two or more line ends.

  uint64_t filled_lines = 0;  ///< With more than white space on them.
  uint64_t punctuated_lines = 0;  ///< Filled, last character with Unicode's property Sentence_Terminal.
  uint64_t duplicate_filled_characters = 0;
  std::vector<uint32_t> filled_lengths;  ///< Code points of each filled line.
};

/// `counts` is overwritten and keeps its memory.
void count_lines(std::string_view text, LineCounts& counts);

}  // namespace hone::corpus
