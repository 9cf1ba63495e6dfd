#pragma once
/// What of a mail's text its author wrote now, what is quoted from earlier mails, and what is a signature.
///
/// Quoted is: lines that begin with '>' and the line that introduces them ("On … wrote:", "…님이 작성:");
/// everything behind a line that mailers put before an older mail ("-----Original Message-----", "-----원본
/// 메시지-----", forwarded ones too), or behind a block of its header fields. A signature is what stands
/// behind "-- " (RFC 3676 4.3), a mobile client's closing line, or a mailing list's footer. A closing phrase
/// and a name are the author's words and stay.
#include <string>
#include <string_view>

namespace hone::document {

struct MailText {
  std::string fresh;   ///< Written now.
  std::string quoted;  ///< As it stood, marks included.
  std::string signature;
};

/// `text` is UTF-8 with "\n" line ends. Nothing is lost but blank lines at the seams.
MailText split_mail_text(std::string_view text);

/// Text of format=flowed (RFC 3676) with its soft line breaks joined. `delete_space`: DelSp=yes.
std::string unflowed(std::string_view text, bool delete_space);

}  // namespace hone::document
