#pragma once
/// What `hone` and `hone-read` say to each other. Both ends are the same build; neither trusts the other's
/// lengths.
///
/// Request (one SOCK_SEQPACKET message, the open file attached as SCM_RIGHTS):
///   u32 version | u8 format | u8 careful | u64 first_row | string name | string text_field
/// Frame (child to parent, over a pipe): u32 size, then `size` bytes of messages, each a u8 tag and its
/// fields:
///   H hello     u8 filtered, string detail       the sandbox as it is
///   B begin     u8 rows                          the file's rows are documents (else: the file is one)
///   D document  u64 row, u64 bytes, strings: id source title licence access encoding metadata path text record,
///               u32 parts, of each: string role, u64 begin, u64 end, u8 trained
///   R rejection u64 row, u64 bytes, strings: id reason message path
///   N nested    u64 row, strings: id name bytes  a PDF inside the file, for the parent to have read
///   P progress  u64 stored bytes read
///   E end
/// string: u32 size, bytes. All integers little-endian.
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "document/document.h"
#include "document/reader.h"

namespace hone::document {

constexpr uint32_t kProtocol = 3;
constexpr uint32_t kMaxFrame = UINT32_C(1) << 30;
constexpr size_t kMaxRequest = 16384;

struct Request {
  Format format = Format::automatic;
  bool careful = false;  ///< One document a frame, so that the next failure names its row.
  uint64_t first_row = 0;
  std::string name;
  std::string text_field;
  RecordFormat records;
};

struct Hello {
  bool filtered = false;  ///< The system call filter is on.
  std::string detail;     ///< What is missing, for people; empty when nothing is.
};
struct Begin {
  bool rows = false;
};
struct Progress {
  uint64_t stored_bytes = 0;
};
struct End {};
using Message = std::variant<Document, Rejection, Hello, Begin, Progress, End, Nested>;

std::string encode(const Request& request);
/// Throws data when `bytes` is no request of this protocol.
Request decode_request(std::string_view bytes);

/// Appends one message to the payload of a frame.
void append(const Message& message, std::string& payload);
/// All messages of a payload. Throws data when it is malformed or a document's text is not UTF-8.
std::vector<Message> decode_frame(std::string_view payload);

}  // namespace hone::document
