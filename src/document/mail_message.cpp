#include "document/mail_message.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "document/encoding.h"
#include "document/mail_header.h"
#include "document/mail_html.h"

namespace hone::document {
namespace {

constexpr int kMaxPartDepth = 64;
constexpr size_t kMaxParts = 4096;
constexpr size_t kMaxMessageField = 4096;

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <typename Object>
using Held = std::unique_ptr<Object, Unref>;

std::string raw_field(GMimeObject* object, const char* name) {
  GMimeHeader* header = g_mime_header_list_get_header(g_mime_object_get_header_list(object), name);
  const char* value = header == nullptr ? nullptr : g_mime_header_get_raw_value(header);
  return value == nullptr ? std::string() : std::string(value);
}

bool has_field(GMimeObject* object, const char* name) {
  return g_mime_header_list_get_header(g_mime_object_get_header_list(object), name) != nullptr;
}

/// "2021-07-06T10:01:00+09:00".
std::string iso_date(const std::string& field) {
  GDateTime* date = field.empty() ? nullptr : g_mime_utils_header_decode_date(field.c_str());
  if (date == nullptr) return {};
  const std::unique_ptr<char, void (*)(void*)> text(g_date_time_format(date, "%Y-%m-%dT%H:%M:%S%:z"),
                                                    &g_free);
  g_date_time_unref(date);
  return text == nullptr ? std::string() : std::string(text.get());
}

/// The first "<…>" of a field without its brackets.
std::string first_id(const std::string& field) {
  const size_t open = field.find('<');
  const size_t close = field.find('>', open);
  if (open == std::string::npos || close == std::string::npos) return {};
  return mend_utf8(std::string_view(field).substr(open + 1, std::min(close - open - 1, kMaxMessageField)));
}

std::string decoded_content(GMimePart* part) {
  GMimeDataWrapper* content = g_mime_part_get_content(part);
  if (content == nullptr) return {};
  const Held<GMimeStream> memory(g_mime_stream_mem_new());
  g_mime_data_wrapper_write_to_stream(content, memory.get());
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory.get()));
  return {reinterpret_cast<const char*>(bytes->data), bytes->len};
}

/// What a part calls itself.
struct PartHead {
  std::string type;  ///< "text/plain"
  std::string charset;
  std::string name;
  bool attached = false;
};

PartHead head_of(GMimeObject* object) {
  const std::string type = raw_field(object, "Content-Type"),
                    disposition = raw_field(object, "Content-Disposition");
  PartHead head;
  head.type = field_value(type);
  if (head.type.find('/') == std::string::npos) head.type = "text/plain";  // RFC 2045 5.2
  head.charset = parameter(type, "charset");
  head.name = parameter(disposition, "filename", head.charset);
  if (head.name.empty()) head.name = parameter(type, "name", head.charset);
  head.attached = field_value(disposition) == "attachment";
  return head;
}

/// A name for a part that has none, so that its type shows.
std::string made_up_name(const std::string& type, size_t number) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kEndings = {
      {{"text/html", ".html"},
       {"text/csv", ".csv"},
       {"text/markdown", ".md"},
       {"application/pdf", ".pdf"},
       {"message/rfc822", ".eml"},
       {"application/json", ".json"},
       {"text/calendar", ".ics"},
       {"text/plain", ".txt"}}};
  const auto* known =
      std::find_if(kEndings.begin(), kEndings.end(), [&](const auto& pair) { return pair.first == type; });
  return "part " + std::to_string(number) +
         (known == kEndings.end() ? std::string() : std::string(known->second));
}

bool is_signature(const std::string& type) {
  return type == "application/pgp-signature" || type == "application/pkcs7-signature" ||
         type == "application/x-pkcs7-signature";
}

/// Parts that machines wrote for machines: what a bounce's text says already, and pointers to what is
/// elsewhere.
bool is_machine_report(const std::string& type) {
  return type == "message/delivery-status" || type == "message/disposition-notification" ||
         type == "message/external-body" || type == "text/rfc822-headers" ||
         type == "message/feedback-report";
}

/// Walks the parts of one message.
class Walk {
 public:
  explicit Walk(MailMessage& mail) : mail_(mail) {}

  void part(GMimeObject* object, int depth) {
    if (object == nullptr) return;
    if (++parts_ > kMaxParts || depth > kMaxPartDepth)
      throw Refused(reason::kTooLarge, "is a message of too many parts, or parts nested too deep");
    const PartHead head = head_of(object);
    if (GMIME_IS_MULTIPART(object)) return multipart(GMIME_MULTIPART(object), head, depth);
    if (GMIME_IS_MESSAGE_PART(object)) return message(GMIME_MESSAGE_PART(object), head);
    if (GMIME_IS_PART(object)) leaf(GMIME_PART(object), head);
  }

  void finish() {
    mail_.text = split_mail_text(body_);
    if (mail_.encrypted && !mail_.text.fresh.empty()) {
      Attachment locked;
      locked.name = "encrypted part";
      locked.refused = reason::kEncrypted;
      locked.message = "is encrypted; decrypt the mail in the mail program and save it again";
      mail_.attachments.push_back(std::move(locked));
    }
    add(mail_.text.quoted, html_quoted_);
    add(mail_.text.signature, html_signature_);
  }

 private:
  static void add(std::string& text, const std::string& more) {
    if (more.find_first_not_of(" \t\n") == std::string::npos) return;
    if (!text.empty()) text += "\n\n";
    text += more;
  }

  void multipart(GMimeMultipart* parts, const PartHead& head, int depth) {
    const int count = g_mime_multipart_get_count(parts);
    if (head.type == "multipart/encrypted") {
      mail_.encrypted = true;
      return;
    }
    if (count == 0) return boundless(parts, head);
    if (head.type == "multipart/alternative") return alternative(parts, count, depth);
    for (int i = 0; i < count; ++i) {
      GMimeObject* child = g_mime_multipart_get_part(parts, i);
      const PartHead inside = head_of(child);
      if (head.type == "multipart/signed" && is_signature(inside.type)) continue;
      // Pictures that the HTML shows are part of it, as they are of a page.
      if (head.type == "multipart/related" && i > 0 && !inside.attached && inside.type.starts_with("image/"))
        continue;
      part(child, depth + 1);
    }
  }

  /// A multipart whose boundary is not said or never comes: what stands where its parts should is text.
  void boundless(GMimeMultipart* parts, const PartHead& head) {
    const char* text = g_mime_multipart_get_prologue(parts);
    if (text != nullptr) body(text, {"text/plain", head.charset, "", false}, "");
  }

  /// The best of several forms of the same: plain text, else the last that has any text. What is attached to
  /// one of them stays.
  void alternative(GMimeMultipart* parts, int count, int depth) {
    std::string before = std::exchange(body_, {});
    const size_t quoted_before = html_quoted_.size(), signature_before = html_signature_.size();
    std::string best, best_encoding;
    bool best_is_plain = false;
    for (int i = 0; i < count; ++i) {
      GMimeObject* child = g_mime_multipart_get_part(parts, i);
      const PartHead head = head_of(child);
      if (head.type == "text/calendar" || head.type == "text/x-amp-html") continue;
      if (best_is_plain && head.type == "text/html") continue;
      const size_t quoted = html_quoted_.size(), signature = html_signature_.size();
      part(child, depth + 1);
      std::string text = std::exchange(body_, {});
      const bool has_text =
          text.find_first_not_of(" \t\n") != std::string::npos || html_quoted_.size() > quoted;
      if (has_text && !best_is_plain) {
        best = std::move(text);
        best_encoding = mail_.encoding;
        best_is_plain = head.type == "text/plain";
        html_quoted_.erase(quoted_before, quoted - quoted_before);  // of the form that this one replaces
        html_signature_.erase(signature_before, signature - signature_before);
      } else {
        html_quoted_.resize(quoted);
        html_signature_.resize(signature);
      }
    }
    body_ = std::move(before);
    if (!best_encoding.empty()) mail_.encoding = best_encoding;
    add(body_, best);
  }

  void message(GMimeMessagePart* carrier, const PartHead& head) {
    if (is_machine_report(head.type)) return;
    GMimeMessage* inner = g_mime_message_part_get_message(carrier);
    if (inner == nullptr) return;
    Attachment attachment;
    attachment.format = Format::eml;
    attachment.name = head.name;
    if (attachment.name.empty()) {
      const std::string subject = decode_words(raw_field(GMIME_OBJECT(inner), "Subject"));
      attachment.name =
          subject.empty() ? made_up_name("message/rfc822", mail_.attachments.size() + 1) : subject + ".eml";
    }
    const Held<GMimeStream> memory(g_mime_stream_mem_new());
    g_mime_object_write_to_stream(GMIME_OBJECT(inner), nullptr, memory.get());
    const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory.get()));
    attachment.content.assign(reinterpret_cast<const char*>(bytes->data), bytes->len);
    mail_.attachments.push_back(std::move(attachment));
  }

  void leaf(GMimePart* part, const PartHead& head) {
    if (is_signature(head.type) || is_machine_report(head.type)) return;
    const bool text = head.type == "text/plain" || head.type == "text/html" || head.type == "text/enriched";
    if (text && !head.attached && head.name.empty())
      return body(decoded_content(part), head, raw_field(GMIME_OBJECT(part), "Content-Type"));
    Attachment attachment;
    attachment.name = head.name.empty() ? made_up_name(head.type, mail_.attachments.size() + 1) : head.name;
    if (head.type == "application/pkcs7-mime" || head.type == "application/x-pkcs7-mime")
      return smime(GMIME_OBJECT(part), std::move(attachment));
    if (head.type == "application/ms-tnef" || attachment.name == "winmail.dat") {
      attachment.refused = reason::kUnreadableFormat;
      attachment.message =
          "is Outlook's own envelope (winmail.dat), which Hone does not read; have it sent as HTML or plain "
          "text";
    } else {
      attachment.content = decoded_content(part);
      // A charset that only the mail knows is lost with the mail.
      if (head.type.starts_with("text/"))
        if (auto decoded = mail_utf8(attachment.content, head.charset);
            decoded && !decoded->encoding.starts_with("utf-16"))
          attachment.content = std::move(decoded->text);
    }
    mail_.attachments.push_back(std::move(attachment));
  }

  void smime(GMimeObject* part, Attachment attachment) {
    if (parameter(raw_field(part, "Content-Type"), "smime-type") != "signed-data") {
      mail_.encrypted = true;
      return;
    }
    attachment.refused = reason::kUnreadableFormat;
    attachment.message =
        "is wrapped in its signature (S/MIME signed-data), which Hone does not read; save it as plain text";
    mail_.attachments.push_back(std::move(attachment));
  }

  void body(std::string bytes, const PartHead& head, const std::string& type_field) {
    auto decoded = mail_utf8(std::move(bytes), head.charset);
    if (!decoded) return;
    mail_.encoding = decoded->encoding;
    std::string& text = decoded->text;
    unify_line_ends(text);
    if (head.type == "text/html") {
      MailText parts = split_mail_html(text);
      add(html_quoted_, parts.quoted);
      add(html_signature_, parts.signature);
      return add(body_, parts.fresh);
    }
    if (parameter(type_field, "format") == "flowed")
      text = unflowed(text, parameter(type_field, "delsp") == "yes");
    plain(text);
  }

  /// Plain text, PGP's armour taken off (RFC 9580 7).
  void plain(std::string_view text) {
    constexpr std::string_view kEncrypted = "-----BEGIN PGP MESSAGE-----",
                               kSigned = "-----BEGIN PGP SIGNED MESSAGE-----\n",
                               kSignature = "-----BEGIN PGP SIGNATURE-----";
    if (text.find(kEncrypted) != std::string_view::npos) {
      mail_.encrypted = true;
      return;
    }
    const size_t begin = text.find(kSigned);
    if (begin == std::string_view::npos) return add(body_, std::string(text));
    const size_t content = text.find("\n\n", begin + kSigned.size() - 1);  // behind its "Hash:" lines
    const size_t end = std::min(text.find(kSignature, begin), text.size());
    if (content == std::string_view::npos || content > end) return add(body_, std::string(text));
    std::string inside;
    for (std::string_view rest = text.substr(content + 2, end - content - 2); !rest.empty();) {
      std::string_view line = rest.substr(0, std::min(rest.find('\n'), rest.size() - 1) + 1);
      rest.remove_prefix(line.size());
      if (line.starts_with("- ")) line.remove_prefix(2);
      inside += line;
    }
    add(body_, inside);
  }

  MailMessage& mail_;
  std::string body_, html_quoted_, html_signature_;
  size_t parts_ = 0;
};

bool is_mail(GMimeObject* message) {
  for (const char* field :
       {"From", "To", "Subject", "Date", "Message-ID", "Received", "MIME-Version", "Content-Type"})
    if (has_field(message, field)) return true;
  return false;
}

}  // namespace

void open_mails() {
  // One of each kind, so that all types are there and nothing is looked up later.
  parse_mail(
      "From: a <a@example.com>\nSubject: =?utf-8?B?YQ==?=\nDate: Tue, 06 Jul 2021 10:01:00 "
      "+0900\nMIME-Version: 1.0\n"
      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; "
      "charset=utf-8\nContent-Transfer-Encoding: "
      "base64\n\nYQ==\n--b\nContent-Type: message/rfc822\n\nSubject: a\n\na\n--b--\n");
}

MailMessage parse_mail(const std::string& bytes) {
  static const bool kReady = (g_mime_init(), true);
  HONE_ASSERT(kReady);
  const Held<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
  const Held<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  g_mime_parser_set_format(parser.get(), GMIME_FORMAT_MESSAGE);
  const Held<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
  if (!message || !is_mail(GMIME_OBJECT(message.get())))
    throw Refused(reason::kDamaged, "has none of a mail's header fields");
  GMimeObject* head = GMIME_OBJECT(message.get());
  MailMessage mail;
  GMimeObject* body = g_mime_message_get_mime_part(message.get());
  const std::string charset =
      body == nullptr ? std::string() : parameter(raw_field(body, "Content-Type"), "charset");
  mail.subject = decode_words(raw_field(head, "Subject"), charset);
  mail.author = decode_words(raw_field(head, "From"), charset);
  mail.date = iso_date(raw_field(head, "Date"));
  mail.message_id = first_id(raw_field(head, "Message-ID"));
  mail.in_reply_to = first_id(raw_field(head, "In-Reply-To"));
  Walk walk(mail);
  walk.part(body, 0);
  walk.finish();
  return mail;
}

}  // namespace hone::document
