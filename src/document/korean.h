#pragma once
/// Korean legacy encodings by glibc's iconv: CP949 ("UHC", a superset of EUC-KR) and Johab (KS X 1001 annex
/// 3, 1992). ICU has no Johab converter, so both go one way.
#include <memory>
#include <string>
#include <string_view>

namespace hone::document {

struct KoreanReading {
  std::string text;           ///< UTF-8; bytes that mean nothing became U+FFFD.
  std::string_view encoding;  ///< "cp949" or "johab".
  uint64_t errors = 0;        ///< How many U+FFFD.
  double common = 0;          ///< common_syllable_share of `text`.
  bool plausible = false;     ///< Few errors, and Hangul of the common kind.
};

/// iconv loads its converters from files: once, before the process locks itself in.
void open_korean_converters();

/// The better of both readings.
KoreanReading read_korean(std::string_view bytes);
/// As CP949, whatever it looks like: for files that declare it.
KoreanReading read_cp949(std::string_view bytes);

/// Share of Hangul syllables of `utf8` that are among the 256 most frequent of running Korean; 0 when there
/// are none.
double common_syllable_share(std::string_view utf8);

}  // namespace hone::document
