#include "document/mail_header.h"

#include <glib.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "document/korean.h"

namespace hone::document {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr size_t kMaxField = 64 << 10;  // longer fields are cut: no subject needs more
constexpr size_t kMaxWord = 4096;       // RFC 2047 allows 75
constexpr int kMaxContinuations = 64;   // RFC 2231 pieces of one parameter

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return result;
}

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool latin_or_ascii(const std::string& charset) {
  return charset.empty() || charset == "us-ascii" || charset == "ascii" || charset == "windows-1252" ||
         charset.starts_with("iso-8859-1") || charset == "latin1" || charset.starts_with("unknown");
}

/// Of charsets whose every byte is below 0x80, the one that `bytes` are in by their escapes; empty for none.
std::string seven_bit_charset(std::string_view bytes, const std::string& declared) {
  if (bytes.find("\x1b$)C") != std::string_view::npos) return "iso-2022-kr";
  if (declared.starts_with("iso-2022-")) return bytes.find('\x1b') == std::string_view::npos ? "" : declared;
  if (declared == "hz-gb-2312" || declared == "hz")
    return bytes.find("~{") == std::string_view::npos ? "" : "hz";
  if (declared == "utf-7" || declared == "unicode-1-1-utf-7")
    return bytes.find('+') == std::string_view::npos ? "" : "utf-7";
  return {};
}

std::optional<Decoded> by_escapes(const std::string& bytes, const std::string& charset) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(charset.c_str(), &status),
                                                                     &ucnv_close);
  if (U_FAILURE(status) || bytes.size() > INT32_MAX / 2) return std::nullopt;
  const icu::UnicodeString text(bytes.data(), static_cast<int32_t>(bytes.size()), converter.get(), status);
  if (U_FAILURE(status)) return std::nullopt;
  Decoded decoded{{}, charset};
  text.toUTF8String(decoded.text);
  return decoded;
}

/// Text of raw bytes, whatever they are: what cannot be read becomes U+FFFD.
std::string readable(const std::string& bytes, std::string_view charset) {
  if (auto decoded = mail_utf8(bytes, charset)) return std::move(decoded->text);
  return mend_utf8(bytes);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = static_cast<char>(c | 32);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/// `mark` and two hex digits to a byte: '=' in encoded words, '%' in parameters.
std::string unescaped(std::string_view text, char mark, bool underscore_is_blank) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    const int high = i + 2 < text.size() && text[i] == mark ? hex_digit(text[i + 1]) : -1;
    const int low = high < 0 ? -1 : hex_digit(text[i + 2]);
    if (low >= 0) {
      bytes += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      bytes += underscore_is_blank && text[i] == '_' ? ' ' : text[i];
    }
  }
  return bytes;
}

std::string from_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 6, '\0');
  int state = 0;
  unsigned save = 0;
  const size_t size =
      g_base64_decode_step(text.data(), text.size(), reinterpret_cast<guchar*>(bytes.data()), &state, &save);
  bytes.resize(size);
  return bytes;
}

/// One encoded word: "=?charset*language?B?…?=".
struct Word {
  std::string charset;
  std::string bytes;
  size_t end = 0;  ///< Behind it.
};

std::optional<Word> word_at(std::string_view text, size_t at) {
  text = text.substr(0, at + kMaxWord);
  if (!text.substr(at).starts_with("=?")) return std::nullopt;
  const size_t first = text.find('?', at + 2);
  if (first == std::string_view::npos || first + 2 >= text.size() || text[first + 2] != '?')
    return std::nullopt;
  const size_t end = text.find("?=", first + 3);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view body = text.substr(first + 3, end - first - 3);
  const char how = static_cast<char>(text[first + 1] | 32);
  if (how != 'b' && how != 'q') return std::nullopt;
  Word word;
  word.charset = lower(text.substr(at + 2, first - at - 2));
  word.charset.resize(std::min(word.charset.find('*'), word.charset.size()));
  word.bytes = how == 'b' ? from_base64(body) : unescaped(body, '=', true);
  word.end = end + 2;
  return word;
}

/// Cuts "name=value; name*0*=value …" behind the first ';' into pairs, names in lower case, quotes taken off.
std::map<std::string, std::string> parameters(std::string_view raw) {
  std::map<std::string, std::string> found;
  size_t at = raw.find(';');
  while (at < raw.size()) {
    const size_t equals = raw.find('=', at);
    if (equals == std::string_view::npos) break;
    const size_t name_begin = std::min(raw.find_first_not_of(";\t\r\n ", at), equals);
    const std::string name = lower(trimmed(raw.substr(name_begin, equals - name_begin)));
    std::string value;
    size_t i = std::min(raw.find_first_not_of(kBlanks, equals + 1), raw.size());
    if (i < raw.size() && raw[i] == '"') {
      for (++i; i < raw.size() && raw[i] != '"'; ++i) {
        if (raw[i] == '\\' && i + 1 < raw.size()) ++i;
        if (raw[i] != '\r' && raw[i] != '\n') value += raw[i];
      }
      at = std::min(raw.find(';', i), raw.size());
    } else {
      at = std::min(raw.find(';', i), raw.size());
      value = trimmed(raw.substr(i, at - i));
    }
    found.emplace(name, std::move(value));
    if (found.size() > 256) break;
  }
  return found;
}

/// RFC 2231: the pieces of `name`, joined; those whose name ends in '*' are percent-encoded, the first with
/// its charset.
std::optional<std::string> extended(const std::map<std::string, std::string>& all, const std::string& name) {
  std::string bytes, charset;
  bool any = false;
  const auto add = [&](const std::string& key, bool first) {
    const auto piece = all.find(key);
    if (piece == all.end()) return false;
    std::string_view value = piece->second;
    if (key.back() == '*') {
      const size_t tick = first ? value.find('\'') : std::string_view::npos;
      const size_t second = tick == std::string_view::npos ? tick : value.find('\'', tick + 1);
      if (second != std::string_view::npos) {
        charset = value.substr(0, tick);
        value.remove_prefix(second + 1);
      }
      bytes += unescaped(value, '%', false);
    } else {
      bytes += value;
    }
    return any = true;
  };
  if (!add(name + "*", true)) {
    for (int i = 0; i < kMaxContinuations; ++i) {
      const std::string piece = name + "*" + std::to_string(i);
      if (!add(piece + "*", i == 0) && !add(piece, i == 0)) break;
    }
  }
  if (!any) return std::nullopt;
  // Some write encoded words where RFC 2231 wants percents.
  return bytes.find("=?") != std::string::npos ? decode_words(bytes, charset) : readable(bytes, charset);
}

}  // namespace

std::optional<Decoded> mail_utf8(std::string bytes, std::string_view charset) {
  const std::string declared = lower(trimmed(charset));
  if (const std::string escapes = seven_bit_charset(bytes, declared); !escapes.empty())
    if (auto decoded = by_escapes(bytes, escapes)) return decoded;
  const auto beyond_ascii = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
  if (latin_or_ascii(declared) && std::any_of(bytes.begin(), bytes.end(), beyond_ascii)) {
    KoreanReading korean = read_korean(bytes);
    if (korean.plausible && !to_utf8(bytes, "utf-8").value_or(Decoded{}).encoding.starts_with("utf-"))
      return Decoded{std::move(korean.text), std::string(korean.encoding)};
  }
  return to_utf8(std::move(bytes), declared);
}

std::string decode_words(std::string_view raw, std::string_view charset) {
  raw = trimmed(raw.substr(0, kMaxField));
  std::string text, plain, bytes, words_charset;
  const auto end_plain = [&] {
    if (!plain.empty()) text += readable(plain, charset);
    plain.clear();
  };
  const auto end_words = [&] {
    if (!bytes.empty()) text += readable(bytes, words_charset);
    bytes.clear();
  };
  for (size_t i = 0; i < raw.size();) {
    if (auto word = word_at(raw, i)) {
      const bool between = plain.find_first_not_of(kBlanks) == std::string::npos;
      if (between && !bytes.empty()) plain.clear();  // blanks between two encoded words are folding
      if (!plain.empty() || word->charset != words_charset) end_words();
      end_plain();
      words_charset = std::move(word->charset);
      bytes += word->bytes;
      i = word->end;
      continue;
    }
    if (raw[i] != '\r' && raw[i] != '\n') plain += raw[i] == '\t' ? ' ' : raw[i];
    ++i;
    if (!bytes.empty() && plain.find_first_not_of(kBlanks) != std::string::npos) end_words();
  }
  end_words();
  end_plain();
  return text;
}

std::string parameter(std::string_view raw, std::string_view name, std::string_view charset) {
  const auto all = parameters(raw.substr(0, kMaxField));
  if (auto said = extended(all, std::string(name))) return *said;
  const auto plain = all.find(std::string(name));
  return plain == all.end() ? std::string() : decode_words(plain->second, charset);
}

std::string field_value(std::string_view raw) { return lower(trimmed(raw.substr(0, raw.find(';')))); }

}  // namespace hone::document
