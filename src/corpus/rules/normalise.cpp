#include "corpus/rules/normalise.h"

#include <unicode/bytestream.h>
#include <unicode/edits.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <bitset>
#include <memory>

#include "base/error.h"
#include "corpus/rules/invisible.h"
#include "corpus/text_map.h"
#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

const icu::Normalizer2& nfc() {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = icu::Normalizer2::getNFCInstance(error);
  if (U_FAILURE(error) != 0) throw Error(ExitCode::internal, "ICU has no NFC data: reinstall libicu72");
  return *normalizer;
}

constexpr int kTurns = 8;

using CharacterSet = std::bitset<0x10000>;

/// What the first look at a text has to find, for characters of the basic plane; the others count as both.
struct Attention {
  CharacterSet invisible;  ///< clear_invisible may have something to say.
  CharacterSet form;       ///< Not inert under NFC.

  Attention() {
    for (char32_t c = 0x80; c < 0x10000; ++c) {
      if (c >= 0xD800 && c <= 0xDFFF) continue;
      const auto point = static_cast<UChar32>(c);
      invisible[c] = c < 0xA0 || is_white_space(c) || is_default_ignorable(c) || c == 0x2800 || (c >= 0xFFF9 && c <= 0xFFFC) ||
                     u_charType(point) == U_UNASSIGNED || u_charType(point) == U_FORMAT_CHAR;
      form[c] = u_getIntPropertyValue(point, UCHAR_NFC_QUICK_CHECK) != UNORM_YES || u_getCombiningClass(point) != 0;
    }
  }
};

struct FirstLook {
  bool invisible = false, form = false, layout = false;
};

FirstLook look_at(std::string_view text) {
  static const Attention kAttention;
  FirstLook found;
  int newlines = 1;  // a blank first line counts
  bool space = false;
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if (byte > 0x20 && byte < 0x7F) {
      newlines = 0;
      space = false;
      ++i;
    } else if (byte == ' ' || byte == '\t') {
      space = true;
      ++i;
    } else if (byte == '\n') {
      found.layout |= space || ++newlines > 2 || (newlines == 2 && i == 0);
      space = false;
      ++i;
    } else if (byte < 0x80) {
      found.invisible = true;
      ++i;
    } else {
      newlines = 0;
      space = false;
      const char32_t c = next_code_point(text, i);
      if (is_hangul_syllable(c)) continue;
      found.invisible |= c >= 0x10000 ? c >= 0x1BCA0 && (c < 0x1F000 || c >= 0x1FFFE) : kAttention.invisible[c];
      found.form |= c >= 0x10000 || kAttention.form[c];
    }
  }
  found.layout |= space || newlines > 1;
  return found;
}

std::vector<Edit> compose(std::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::StringPiece piece(text.data(), static_cast<int32_t>(text.size()));
  if (nfc().isNormalizedUTF8(piece, error) != 0) return {};
  std::string composed;
  icu::StringByteSink<std::string> sink(&composed);
  icu::Edits changes;
  nfc().normalizeUTF8(0, piece, sink, &changes, error);
  if (U_FAILURE(error) != 0) throw Error(ExitCode::internal, std::string{"NFC of a document failed: "} + u_errorName(error));
  std::vector<Edit> edits;
  icu::Edits::Iterator change = changes.getFineChangesIterator();
  while (change.next(error) != 0) {
    const auto begin = static_cast<size_t>(change.sourceIndex());
    edits.push_back({begin, begin + static_cast<size_t>(change.oldLength()),
                     composed.substr(static_cast<size_t>(change.destinationIndex()), static_cast<size_t>(change.newLength())), "nfc", {}});
  }
  return edits;
}

/// Space at line ends, and all but one of blank lines in a row; at the start of the text all of them. One final "\n" may stay.
std::vector<Edit> tidy_lines(std::string_view text) {
  std::vector<Edit> edits;
  const auto remove = [&edits](size_t begin, size_t end, std::string_view kind) {
    if (end > begin) edits.push_back({begin, end, "", kind, {}});
  };
  for (size_t i = 0; i < text.size();) {
    if (text[i] != ' ' && text[i] != '\t' && text[i] != '\n') {
      ++i;
      continue;
    }
    const size_t begin = i;
    size_t first = std::string_view::npos, last = begin;
    for (; i < text.size() && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n'); ++i) {
      if (text[i] != '\n') continue;
      first = std::min(first, i);
      last = i;
    }
    const bool at_end = i == text.size();
    if (first == std::string_view::npos) {
      if (at_end) remove(begin, i, "line_end_space");
    } else if (begin == 0) {
      remove(0, at_end ? i : last + 1, "blank_lines");
    } else {
      remove(begin, first, "line_end_space");
      if (at_end) {
        remove(first + 1, i, "blank_lines");
      } else {
        remove(first + 1, last, "blank_lines");
      }
    }
  }
  return edits;
}

}  // namespace

Outcome Normalise::judge(const DocumentView& document) const {
  const FirstLook found = look_at(document.text);
  if (!found.invisible && !found.form && !found.layout) return Outcome::keep();
  TextMap map{std::string{document.text}};
  if (found.invisible) {
    // What was kept for the sake of a neighbour may lose it; hostile text does not get more than a few turns.
    for (int turn = 0; turn < kTurns; ++turn) {
      std::vector<Edit> edits = clear_invisible(map.text());
      if (edits.empty()) break;
      map.apply(std::move(edits), 0, kFamily);
    }
  }
  if (found.form || found.invisible) map.apply(compose(map.text()), 0, kFamily);
  map.apply(tidy_lines(map.text()), 0, kFamily);
  std::vector<Edit> edits;
  edits.reserve(map.spans().size());
  for (const TextMap::Span& span : map.spans()) {
    edits.push_back({span.original_begin, span.original_end, std::string{map.replacement_of(span)}, span.kind, span.family});
  }
  return Outcome::edit(std::move(edits));
}

}  // namespace hone::corpus
