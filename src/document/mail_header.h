#pragma once
/// What stands in the header fields of a mail, as text: encoded words (RFC 2047), parameters with charset and
/// continuations (RFC 2231), and what mailers make of both: file names as bare encoded words, raw bytes in
/// the charset of the body, characters cut in half between two encoded words.
///
/// Charsets go through to_utf8: EUC-KR is read as CP949, and bytes that are not what they are said to be are
/// found out.
#include <optional>
#include <string>
#include <string_view>

#include "document/encoding.h"

namespace hone::document {

/// Bytes of a mail to UTF-8. `charset` is what the mail declares, or empty. Unlike to_utf8 alone it knows the
/// charsets that hide in seven bits (ISO-2022-KR, -JP, -CN, HZ, UTF-7), and that a Latin label on Korean
/// bytes is a mailer's default. Nothing when the bytes are not text.
std::optional<Decoded> mail_utf8(std::string bytes, std::string_view charset);

/// The text of an unstructured field, unfolded. `charset` is the body's, for fields of raw bytes.
std::string decode_words(std::string_view raw, std::string_view charset = {});

/// The parameter `name` (lower case) of a field such as Content-Disposition; "" when there is none. `raw` is
/// the field's value.
std::string parameter(std::string_view raw, std::string_view name, std::string_view charset = {});

/// The value of a field before its first ';', lower case, without blanks.
std::string field_value(std::string_view raw);

}  // namespace hone::document
