#pragma once
/// Bytes of unknown encoding to UTF-8. Order of evidence: byte order mark, zero bytes (UTF-16), validity as
/// UTF-8, what the file declares, how Korean it becomes as CP949 or Johab, uchardet's opinion.
///
/// EUC-KR is always read as CP949, which contains it (WHATWG encoding standard does the same); ISO-8859-1 as
/// windows-1252. CP949 and Johab overlap, so they are told apart by the share of common syllables: right 0.9
/// and more, wrong below 0.2. Nothing is normalised here; bytes that mean nothing become U+FFFD.
#include <optional>
#include <string>
#include <string_view>

namespace hone::document {

struct Decoded {
  std::string text;      ///< Valid UTF-8 without a byte order mark.
  std::string encoding;  ///< Lower case: "utf-8", "cp949", "johab", "utf-16le", "windows-1252" …
};

/// Opens the converters that need files of the system (glibc's for Korean), so that decoding works where none
/// can be opened.
void open_converters();

/// Nothing when the bytes are not text. `declared` is a charset the file names for itself, or empty.
std::optional<Decoded> to_utf8(std::string bytes, std::string_view declared = {});

/// Valid UTF-8: each byte that is part of no character becomes U+FFFD.
std::string mend_utf8(std::string_view bytes);

/// "\r\n" and lone "\r" to "\n".
void unify_line_ends(std::string& text);

}  // namespace hone::document
