/// A mail: its new text is the document, its attachments are documents of their own behind it.
#include <nlohmann/json.hpp>

#include "document/encoding.h"
#include "document/mail_message.h"
#include "document/nested.h"
#include "document/reader.h"

namespace hone::document {
namespace {

constexpr size_t kMaxSetAside = 1 << 20;  // bytes of quotations kept in the metadata

std::string cut(std::string text) {
  if (text.size() <= kMaxSetAside) return text;
  text.resize(kMaxSetAside);
  return mend_utf8(text);
}

std::string metadata_of(MailMessage& mail) {
  nlohmann::ordered_json facts = nlohmann::ordered_json::object();
  const auto add = [&](const char* key, std::string& value) {
    if (!value.empty()) facts[key] = std::move(value);
  };
  add("author", mail.author);
  add("date", mail.date);
  add("message_id", mail.message_id);
  add("in_reply_to", mail.in_reply_to);
  mail.text.quoted = cut(std::move(mail.text.quoted));
  mail.text.signature = cut(std::move(mail.text.signature));
  add("quoted", mail.text.quoted);
  add("signature", mail.text.signature);
  for (const Attachment& attachment : mail.attachments) facts["attachments"].push_back(attachment.name);
  return facts.empty() ? std::string() : facts.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Item letter(MailMessage& mail, const Input& input, uint64_t bytes) {
  Item result;
  if (!mail.text.fresh.empty()) {
    Document document;
    document.title = mail.subject;
    document.text = std::move(mail.text.fresh) + '\n';
    document.encoding = mail.encoding;
    document.bytes = bytes;
    document.metadata = metadata_of(mail);
    result = std::move(document);
  } else if (mail.encrypted) {
    result = rejection(reason::kEncrypted,
                       "is an encrypted mail; decrypt it in the mail program and save it again", bytes);
  } else if (!mail.text.quoted.empty()) {
    result = rejection(reason::kNoText, "quotes another mail and says nothing of its own", bytes);
  } else {
    result = rejection(reason::kNoText, "has no text of its own", bytes);
  }
  const auto place = [&](auto& record) {
    record.id = record.path = input.name;
    record.row = 1;
  };
  std::visit(place, result);
  return result;
}

/// Apple Mail's .emlx: a line with the message's length, the message, and a property list behind it.
void unwrap_emlx(std::string& content) {
  const size_t digits = content.find_first_not_of("0123456789");
  const size_t line = std::min(content.find('\n'), content.size());
  if (digits == 0 || digits > 12 || content.find_first_not_of(" \r", digits) != line ||
      line == content.size())
    return;
  content = content.substr(line + 1, std::stoull(content.substr(0, digits)));
}

}  // namespace

void read_eml(std::string content, const Input& input, Output& output) {
  if (input.nesting.mails >= kMaxMailDepth)
    throw Refused(reason::kTooLarge,
                  "is a mail more than " + std::to_string(kMaxMailDepth) + " mails deep; save it as a file");
  if (content.starts_with("\xEF\xBB\xBF")) content.erase(0, 3);
  unwrap_emlx(content);
  MailMessage mail = parse_mail(content);
  NestingBudget own(content.size());
  Input inner = input;
  ++inner.nesting.mails;
  if (inner.nesting.budget == nullptr) inner.nesting.budget = &own;
  uint64_t row = 1;
  uint64_t attached = 0;
  for (const Attachment& attachment : mail.attachments) attached += attachment.content.size();
  const uint64_t of_letter = content.size() > attached ? content.size() - attached : mail.text.fresh.size();
  if (row > input.first_row) output.item(letter(mail, input, of_letter));
  for (Attachment& attachment : mail.attachments) {
    if (++row <= input.first_row) continue;
    inner.nesting.budget->take_bytes(attachment.content.size());
    if (*attachment.refused != '\0') {
      Rejection refused = rejection(attachment.refused, attachment.message, attachment.content.size(), row);
      refused.id = refused.path = inside_id(input.name, attachment.name);
      output.item(std::move(refused));
    } else if (read_inside(std::move(attachment.content), {attachment.name, attachment.format, row}, inner,
                           output) > 1) {
      output.progress(0);
    }
  }
}

}  // namespace hone::document
