#include "document/encoding.h"

#include <simdjson.h>
#include <uchardet/uchardet.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "document/korean.h"

namespace hone::document {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr size_t kSample = 1 << 18;  // what statistics look at
constexpr double kMaxBrokenUtf8 =
    0.02;  // of characters beyond ASCII: a damaged UTF-8 text, not another encoding
constexpr double kMaxReplacedShare = 0.10;  // of characters beyond ASCII: more is no text in that encoding
constexpr double kMaxControlShare = 0.02;   // of bytes: more is not text
constexpr double kRealLatinShare =
    0.02;  // of bytes beyond ASCII: below it uchardet only guesses among Latin sets

bool valid_utf8(std::string_view bytes) { return simdjson::validate_utf8(bytes.data(), bytes.size()); }

uint64_t occurrences(std::string_view text, std::string_view what) {
  uint64_t found = 0;
  for (size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size()))
    ++found;
  return found;
}

uint64_t high_bytes(std::string_view bytes) {
  return static_cast<uint64_t>(std::count_if(bytes.begin(), bytes.end(),
                                             [](char c) { return static_cast<unsigned char>(c) >= 0x80; }));
}

/// Control characters other than those of text: tab, line ends, form feed, vertical tab, escape, end of file.
bool looks_binary(std::string_view bytes) {
  static constexpr std::string_view kAllowed("\t\n\v\f\r\x1a\x1b", 7);
  const std::string_view sample = bytes.substr(0, kSample);
  const auto controls = std::count_if(sample.begin(), sample.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && kAllowed.find(c) == std::string_view::npos;
  });
  return static_cast<double>(controls) > kMaxControlShare * static_cast<double>(sample.size());
}

std::optional<std::string> by_icu(const std::string& bytes, const char* charset) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(charset, &status),
                                                                     &ucnv_close);
  if (U_FAILURE(status) || bytes.size() > INT32_MAX / 2) return std::nullopt;
  const icu::UnicodeString text(bytes.data(), static_cast<int32_t>(bytes.size()), converter.get(), status);
  if (U_FAILURE(status)) return std::nullopt;
  std::string utf8;
  text.toUTF8String(utf8);
  if (utf8.starts_with("\xEF\xBB\xBF")) utf8.erase(0, 3);
  return utf8;
}

std::optional<Decoded> damaged_utf8(std::string_view bytes) {
  std::string text = mend_utf8(bytes);
  const uint64_t broken = occurrences(text, kReplacement) - occurrences(bytes, kReplacement);
  const uint64_t beyond = high_bytes(bytes) / 3 + 1;  // most are Hangul: three bytes a character
  if (beyond < 10 || static_cast<double>(broken) > kMaxBrokenUtf8 * static_cast<double>(beyond) + 1)
    return std::nullopt;
  return Decoded{std::move(text), "utf-8"};
}

std::optional<Decoded> by_mark(const std::string& bytes) {
  struct Mark {
    std::string_view bytes;
    const char* charset;
  };
  static constexpr std::array<Mark, 4> kMarks = {{{{"\xFF\xFE\0\0", 4}, "utf-32le"},
                                                  {{"\0\0\xFE\xFF", 4}, "utf-32be"},
                                                  {{"\xFF\xFE", 2}, "utf-16le"},
                                                  {{"\xFE\xFF", 2}, "utf-16be"}}};
  if (bytes.starts_with("\xEF\xBB\xBF"))
    return Decoded{mend_utf8(std::string_view(bytes).substr(3)), "utf-8"};
  for (const Mark& mark : kMarks)
    if (bytes.starts_with(mark.bytes))
      if (auto text = by_icu(bytes, mark.charset)) return Decoded{std::move(*text), mark.charset};
  return std::nullopt;
}

/// UTF-16 without a mark: blanks and line ends have their zero byte always on the same side.
std::optional<Decoded> by_zero_bytes(const std::string& bytes) {
  if (bytes.size() % 2 != 0) return std::nullopt;
  const std::string_view sample = std::string_view(bytes).substr(0, kSample);
  std::array<uint64_t, 2> zeros{};
  for (size_t i = 0; i < sample.size(); ++i) zeros[i % 2] += sample[i] == 0;
  const bool little = zeros[1] > zeros[0];
  const uint64_t more = zeros[little ? 1 : 0], fewer = zeros[little ? 0 : 1];
  if (more * 50 < sample.size() / 2 || fewer * 4 > more)
    return std::nullopt;  // 대 and 가 have a zero byte on the other side
  const char* charset = little ? "utf-16le" : "utf-16be";
  auto text = by_icu(bytes, charset);
  if (!text || looks_binary(*text) || occurrences(*text, kReplacement) * 100 > text->size() / 2)
    return std::nullopt;
  return Decoded{std::move(*text), charset};
}

std::string lower(std::string_view name) {
  std::string result;
  for (const char c : name) result += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return result;
}

bool korean_name(const std::string& name) {
  return name == "euc-kr" || name == "cp949" || name == "uhc" || name == "ms949" || name == "windows-949" ||
         name.starts_with("ks_c_5601") || name.starts_with("ks-c-5601") || name.starts_with("ksc");
}

bool latin_name(const std::string& name) {
  return name.starts_with("iso-8859-")
             ? name != "iso-8859-5" && name != "iso-8859-6" && name != "iso-8859-7" && name != "iso-8859-8" &&
                   name != "iso-8859-11"
             : name.starts_with("mac-") || name == "windows-1252" || name == "windows-1250" ||
                   name == "windows-1254" || name == "windows-1257" || name == "windows-1258";
}

/// Reads as `name` says; nothing when it is unknown or the bytes do not fit it.
std::optional<Decoded> by_name(const std::string& bytes, std::string name) {
  if (name.empty() || name == "utf-8" || name == "utf8" || name == "ascii" || name == "us-ascii")
    return std::nullopt;
  if (korean_name(name)) {
    KoreanReading reading = read_cp949(bytes);
    if (reading.text.empty() || reading.errors * 100 > high_bytes(bytes)) return std::nullopt;
    return Decoded{std::move(reading.text), "cp949"};
  }
  if (name == "iso-8859-1" || name == "latin1") name = "windows-1252";
  auto text = by_icu(bytes, name.c_str());
  if (!text) return std::nullopt;
  const auto replaced = static_cast<double>(occurrences(*text, kReplacement));
  if (replaced > kMaxReplacedShare * static_cast<double>(high_bytes(bytes) + 1)) return std::nullopt;
  return Decoded{std::move(*text), std::move(name)};
}

std::string by_uchardet(std::string_view bytes) {
  const std::unique_ptr<uchardet, decltype(&uchardet_delete)> detector(uchardet_new(), &uchardet_delete);
  const std::string_view sample = bytes.substr(0, kSample);
  uchardet_handle_data(detector.get(), sample.data(), sample.size());
  uchardet_data_end(detector.get());
  return lower(uchardet_get_charset(detector.get()));
}

std::optional<Decoded> by_statistics(const std::string& bytes) {
  KoreanReading korean = read_korean(std::string_view(bytes).substr(0, kSample));
  if (korean.plausible) {
    if (bytes.size() > kSample) korean = read_korean(bytes);
    return Decoded{std::move(korean.text), std::string(korean.encoding)};
  }
  if (auto damaged = damaged_utf8(bytes)) return damaged;
  std::string name = by_uchardet(bytes);
  const double share = static_cast<double>(high_bytes(bytes)) / static_cast<double>(bytes.size());
  const bool central_or_turkish =
      name == "iso-8859-2" || name == "windows-1250" || name == "iso-8859-9" || name == "windows-1254";
  if (latin_name(name) && !(central_or_turkish && share > kRealLatinShare)) name = "windows-1252";
  if (auto decoded = by_name(bytes, name)) return decoded;
  return by_name(bytes, "windows-1252");
}

/// ISO-2022 is 7-bit: valid UTF-8, told by its escape sequences.
std::optional<Decoded> by_escapes(const std::string& bytes) {
  if (bytes.find('\x1b') == std::string::npos) return std::nullopt;
  if (bytes.find("\x1b$)C") != std::string::npos) return by_name(bytes, "iso-2022-kr");
  if (bytes.find("\x1b$B") != std::string::npos) return by_name(bytes, "iso-2022-jp");
  return std::nullopt;
}

std::optional<Decoded> decode(std::string bytes, std::string_view declared) {
  if (auto marked = by_mark(bytes)) return marked;
  if (bytes.find('\0') != std::string::npos) {
    if (auto wide = by_zero_bytes(bytes)) return wide;
  }
  if (auto escaped = by_escapes(bytes)) return escaped;
  if (looks_binary(bytes)) return std::nullopt;
  if (valid_utf8(bytes)) return Decoded{std::move(bytes), "utf-8"};
  if (auto named = by_name(bytes, lower(declared))) return named;
  return by_statistics(bytes);
}

}  // namespace

std::string mend_utf8(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() + 64);
  size_t i = 0;
  while (i < bytes.size()) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    const size_t length = lead < 0x80                   ? 1
                          : lead >= 0xC2 && lead < 0xE0 ? 2
                          : lead >= 0xE0 && lead < 0xF0 ? 3
                          : lead >= 0xF0 && lead < 0xF5 ? 4
                                                        : 0;
    if (length != 0 && i + length <= bytes.size() && (length == 1 || valid_utf8(bytes.substr(i, length)))) {
      text.append(bytes, i, length);
      i += length;
    } else {
      text += kReplacement;
      ++i;
    }
  }
  return text;
}

void open_converters() {
  open_korean_converters();
  // ICU reads its tables from its own library, and caches; one conversion finds out.
  for (const char* name : {"utf-16le", "windows-1252", "iso-2022-kr"}) by_icu("a", name);
}

std::optional<Decoded> to_utf8(std::string bytes, std::string_view declared) {
  auto decoded = decode(std::move(bytes), declared);
  if (decoded && decoded->encoding != "utf-8" && looks_binary(decoded->text)) return std::nullopt;
  return decoded;
}

void unify_line_ends(std::string& text) {
  size_t out = text.find('\r');
  if (out == std::string::npos) return;
  for (size_t in = out; in < text.size(); ++in) {
    if (text[in] == '\r') {
      text[out++] = '\n';
      if (in + 1 < text.size() && text[in + 1] == '\n') ++in;
    } else {
      text[out++] = text[in];
    }
  }
  text.resize(out);
}

}  // namespace hone::document
