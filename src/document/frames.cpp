#include "document/frames.h"

#include <simdjson.h>

#include <array>
#include <cstring>

#include "base/error.h"

namespace hone::document {
namespace {

/// All of them, in one order. One that is added does not compile until it is here.
template <typename Columns>
auto names_of_columns(Columns& columns) {
  auto& [messages, role, content, instruction, input, output, prompt, completion, chosen, rejected, system] = columns;
  return std::array{&messages, &role, &content, &instruction, &input, &output, &prompt, &completion, &chosen, &rejected, &system};
}

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  void u8(uint8_t value) { out_ += static_cast<char>(value); }
  void u32(uint32_t value) { integer(value); }
  void u64(uint64_t value) { integer(value); }
  void string(std::string_view value) {
    u32(static_cast<uint32_t>(value.size()));
    out_ += value;
  }

 private:
  template <typename Integer>
  void integer(Integer value) {
    for (size_t i = 0; i < sizeof(value); ++i) out_ += static_cast<char>(value >> (8 * i) & 0xFF);
  }
  std::string& out_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  bool empty() const { return rest_.empty(); }
  uint8_t u8() { return static_cast<uint8_t>(take(1)[0]); }
  uint32_t u32() { return integer<uint32_t>(); }
  uint64_t u64() { return integer<uint64_t>(); }
  std::string string() { return std::string(take(u32())); }
  std::string utf8() {
    const std::string_view text = take(u32());
    if (!simdjson::validate_utf8(text.data(), text.size()))
      throw Error(ExitCode::data, "hone-read sent text that is not UTF-8");
    return std::string(text);
  }

 private:
  std::string_view take(size_t size) {
    if (size > rest_.size()) throw Error(ExitCode::data, "hone-read sent a malformed frame");
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  template <typename Integer>
  Integer integer() {
    const std::string_view bytes = take(sizeof(Integer));
    Integer value = 0;
    for (size_t i = 0; i < bytes.size(); ++i)
      value |= static_cast<Integer>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    return value;
  }
  std::string_view rest_;
};

struct Encoder {
  Writer out;

  void operator()(const Document& document) {
    out.u8('D');
    out.u64(document.row);
    out.u64(document.bytes);
    for (const std::string* field :
         {&document.id, &document.source, &document.title, &document.licence, &document.access,
          &document.encoding, &document.metadata, &document.path, &document.text, &document.record})
      out.string(*field);
    out.u32(static_cast<uint32_t>(document.parts.size()));
    for (const Part& part : document.parts) {
      out.string(part.role);
      out.u64(part.begin);
      out.u64(part.end);
      out.u8(part.trained ? 1 : 0);
    }
  }
  void operator()(const Rejection& rejected) {
    out.u8('R');
    out.u64(rejected.row);
    out.u64(rejected.bytes);
    for (const std::string* field : {&rejected.id, &rejected.reason, &rejected.message, &rejected.path}) out.string(*field);
  }
  void operator()(const Hello& hello) {
    out.u8('H');
    out.u8(hello.filtered ? 1 : 0);
    out.string(hello.detail);
  }
  void operator()(const Begin& begin) {
    out.u8('B');
    out.u8(begin.rows ? 1 : 0);
  }
  void operator()(const Nested& nested) {
    out.u8('N');
    out.u64(nested.row);
    for (const std::string* field : {&nested.id, &nested.name, &nested.bytes}) out.string(*field);
  }
  void operator()(const Progress& progress) {
    out.u8('P');
    out.u64(progress.stored_bytes);
  }
  void operator()(const End&) { out.u8('E'); }
};

void decode_parts(Reader& in, Document& document) {
  uint64_t behind = 0;
  for (uint32_t left = in.u32(); left > 0; --left) {
    Part part;
    part.role = in.utf8();
    part.begin = in.u64();
    part.end = in.u64();
    part.trained = in.u8() != 0;
    const auto cuts = [&](uint64_t at) { return at < document.text.size() && (static_cast<uint8_t>(document.text[at]) & 0xC0) == 0x80; };
    if (part.begin < behind || part.end < part.begin || part.end > document.text.size() || cuts(part.begin) || cuts(part.end))
      throw Error(ExitCode::data, "hone-read sent parts that do not lie in the text");
    behind = part.end;
    document.parts.push_back(std::move(part));
  }
}

Message decode_one(Reader& in) {
  switch (in.u8()) {
    case 'D': {
      Document document;
      document.row = in.u64();
      document.bytes = in.u64();
      for (std::string* field : {&document.id, &document.source, &document.title, &document.licence,
                                 &document.access, &document.encoding, &document.metadata, &document.path,
                                 &document.text, &document.record})
        *field = in.utf8();
      decode_parts(in, document);
      return document;
    }
    case 'R': {
      Rejection rejected;
      rejected.row = in.u64();
      rejected.bytes = in.u64();
      for (std::string* field : {&rejected.id, &rejected.reason, &rejected.message, &rejected.path}) *field = in.utf8();
      return rejected;
    }
    case 'H': {
      Hello hello;
      hello.filtered = in.u8() != 0;
      hello.detail = in.utf8();
      return hello;
    }
    case 'B':
      return Begin{in.u8() != 0};
    case 'N': {
      Nested nested;
      nested.row = in.u64();
      nested.id = in.utf8();
      nested.name = in.utf8();
      nested.bytes = in.string();
      return nested;
    }
    case 'P':
      return Progress{in.u64()};
    case 'E':
      return End{};
    default:
      throw Error(ExitCode::data, "hone-read sent an unknown message");
  }
}

}  // namespace

std::string encode(const Request& request) {
  std::string bytes;
  Writer out(bytes);
  out.u32(kProtocol);
  out.u8(static_cast<uint8_t>(request.format));
  out.u8(request.careful ? 1 : 0);
  out.u64(request.first_row);
  out.string(request.name);
  out.string(request.text_field);
  out.u8(static_cast<uint8_t>(request.records.format));
  for (const std::string* name : names_of_columns(request.records.columns)) out.string(*name);
  return bytes;
}

Request decode_request(std::string_view bytes) {
  Reader in(bytes);
  if (in.u32() != kProtocol)
    throw Error(ExitCode::data, "hone and hone-read are of different versions; install both together");
  Request request;
  const uint8_t format = in.u8();
  if (format > static_cast<uint8_t>(Format::archive))
    throw Error(ExitCode::data, "unknown format in a request");
  request.format = static_cast<Format>(format);
  request.careful = in.u8() != 0;
  request.first_row = in.u64();
  request.name = in.string();
  request.text_field = in.string();
  const uint8_t records = in.u8();
  if (records >= names_of(recipe::SourceFormat::text).size()) throw Error(ExitCode::data, "unknown format of records in a request");
  request.records.format = static_cast<recipe::SourceFormat>(records);
  for (std::string* name : names_of_columns(request.records.columns)) *name = in.string();
  return request;
}

void append(const Message& message, std::string& payload) { std::visit(Encoder{Writer(payload)}, message); }

std::vector<Message> decode_frame(std::string_view payload) {
  std::vector<Message> messages;
  Reader in(payload);
  while (!in.empty()) messages.push_back(decode_one(in));
  return messages;
}

}  // namespace hone::document
