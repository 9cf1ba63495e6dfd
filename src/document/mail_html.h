#pragma once
/// The text of a mail written as HTML, with what mailers mark as quotation or signature apart: by the
/// elements and classes that Gmail, Outlook, Apple Mail, Thunderbird, Yahoo and Naver put around them.
#include <string_view>

#include "document/mail_text.h"

namespace hone::document {

/// `html` is UTF-8. `fresh` may still hold quotations that are marked by words only (split_mail_text). Throws
/// Refused(too_large) when it nests too deep.
MailText split_mail_html(std::string_view html);

}  // namespace hone::document
