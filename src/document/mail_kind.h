#pragma once
/// Mails and mailboxes by their first bytes, for files whose name does not tell: Maildir's, and Thunderbird's
/// "Inbox".
#include <string_view>

namespace hone::document {

/// Whether `line` is one that parts messages of a mailbox: "From ops@example.com Tue Jul  6 10:01:00 2021"
/// (RFC 4155, appendix A). It ends with a time and a year: sentences that begin with "From" seldom do.
bool is_from_line(std::string_view line);

/// Whether `head` begins a mailbox: such a line, and a header field behind it.
bool begins_mailbox(std::string_view head);

/// Whether `head` begins a mail: header fields (RFC 5322 2.2) without a break, among them two that people
/// read and one that only mail servers write.
bool begins_mail(std::string_view head);

}  // namespace hone::document
