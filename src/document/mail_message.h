#pragma once
/// A mail as its parts: what its header says, the text its author wrote, and the files that hang on it. By
/// gmime, which is handed bytes; charsets, names and quotations are read by mail_header.h and mail_text.h.
///
/// Of multipart/alternative the plain text is taken, the HTML where there is none; pictures of
/// multipart/related belong to the HTML and are passed over; signatures (PGP, S/MIME) too. What is encrypted
/// is said to be.
#include <string>
#include <string_view>
#include <vector>

#include "document/mail_text.h"
#include "document/reader.h"

namespace hone::document {

/// Registers gmime's types with GLib: once, before the process locks itself in.
void open_mails();

struct Attachment {
  std::string name;  ///< As the mail says, decoded; made up from its type where it says none.
  Format format = Format::automatic;
  std::string content;       ///< Transfer encoding taken off; text in UTF-8 where the mail names its charset.
  const char* refused = "";  ///< A reason of document.h when it cannot be read, and then:
  std::string message;
};

struct MailMessage {
  std::string subject;
  std::string author;      ///< From, as "운영팀 <ops@example.com>".
  std::string date;        ///< ISO 8601 with the sender's offset; "" when the mail's is no date.
  std::string message_id;  ///< Without its angle brackets.
  std::string in_reply_to;
  MailText text;
  std::string encoding;  ///< Of the text.
  bool encrypted = false;
  std::vector<Attachment> attachments;
};

/// `bytes`: one message (RFC 5322), "From " line and escapes taken off. Throws Refused when it is none, nests
/// too deep or has too many parts.
MailMessage parse_mail(const std::string& bytes);

}  // namespace hone::document
