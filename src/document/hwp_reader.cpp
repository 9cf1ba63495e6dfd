/// HWP 5 documents: the OLE container, its flags, its sections in order. Source: Hancom, "Hangul Document
/// File Format 5.0", revision 1.3, chapters 2 and 3. What is locked is refused by name: a reader can tell a
/// locked document, not open it.
#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <vector>

#include "document/hwp_records.h"
#include "document/hwp_text.h"
#include "document/ole_file.h"
#include "document/ole_properties.h"
#include "document/reader.h"

namespace hone::document {
namespace {

constexpr std::string_view kSignature = "HWP Document File";
constexpr size_t kVersionAt = 32, kFlagsAt = 36;
constexpr uint32_t kCompressed = 1 << 0, kPassword = 1 << 1, kDistribution = 1 << 2, kRights = 1 << 4,
                   kCertificate = 1 << 8, kCertificateRights = 1 << 10;
constexpr uint32_t kMajorVersion = 5;

/// Refuses what cannot be read, with what to do about it.
uint32_t checked_flags(std::string_view header) {
  if (!header.starts_with(kSignature))
    throw Error(ExitCode::data, "its FileHeader is not that of a Hangul document");
  const uint32_t major = u32_at(header, kVersionAt) >> 24;
  const uint32_t flags = u32_at(header, kFlagsAt);
  if ((flags & (kPassword | kCertificate)) != 0)
    throw Refused(reason::kEncrypted,
                  "is a Hangul document behind a password; open it, remove the password, save it again");
  if ((flags & (kRights | kCertificateRights)) != 0)
    throw Refused(reason::kEncrypted,
                  "is a Hangul document under rights management (DRM); ask its owner for an open copy");
  if ((flags & kDistribution) != 0)
    throw Refused(reason::kEncrypted,
                  "is a Hangul document for distribution (its text is encrypted); ask its author for the "
                  "original or a PDF");
  if (major != kMajorVersion)
    throw Refused(reason::kUnreadableFormat, "is a Hangul document of version " + std::to_string(major) +
                                                 ", which Hone does not read; save it as .hwpx");
  return flags;
}

/// Raw deflate (RFC 1951). Adds up to `room` bytes; throws when there is more, or when the stream is damaged.
std::string inflated(std::string_view packed, uint64_t room) {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, &inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));  // zlib only reads it
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string out;
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    if (out.size() > room)
      throw Refused(reason::kTooLarge,
                    "unpacks to more than one document may have; split it or look what it is");
    const size_t done = out.size();
    out.resize(done + std::max<size_t>(1 << 16, done));
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + done);
    stream.avail_out = static_cast<uInt>(std::min<size_t>(out.size() - done, UINT32_MAX));
    const uInt before = stream.avail_out;
    status = inflate(&stream, Z_NO_FLUSH);
    out.resize(done + (before - stream.avail_out));
    if (status != Z_OK && status != Z_STREAM_END)
      throw Error(ExitCode::data, "a section of it is damaged; get a whole copy of it");
  }
  return out;
}

/// "Section0", "Section1" … by number; other names are none.
std::vector<std::string> section_names(const OleFile& file) {
  constexpr std::string_view kPrefix = "Section";
  std::vector<std::pair<uint32_t, std::string>> numbered;
  for (std::string& name : file.names("BodyText")) {
    uint32_t number = 0;
    if (!name.starts_with(kPrefix)) continue;
    const auto [end, error] =
        std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), number);
    if (error == std::errc() && end == name.data() + name.size())
      numbered.emplace_back(number, std::move(name));
  }
  std::sort(numbered.begin(), numbered.end());
  std::vector<std::string> names;
  for (auto& [number, name] : numbered) names.push_back(std::move(name));
  return names;
}

void add_properties(const OleFile& file, Document& document) {
  DocumentProperties said;
  try {
    said = read_properties(file.stream("\005HwpSummaryInformation"));
  } catch (const Error&) {  // a damaged summary costs its words, not the text
  }
  document.title = std::move(said.title);
  nlohmann::ordered_json metadata = nlohmann::ordered_json::object();
  if (!said.author.empty()) metadata["author"] = std::move(said.author);
  if (!said.date.empty()) metadata["date"] = std::move(said.date);
  if (!metadata.empty())
    document.metadata = metadata.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

void read_hwp(std::string content, const Input& input, Output& output) {
  if (std::string_view(content).starts_with(kSignature))
    throw Refused(reason::kUnreadableFormat,
                  "is a Hangul document of before 2000 (HWP 3), which Hone does not read; save it as .hwpx");
  const OleFile file(content);
  const uint32_t flags = checked_flags(file.stream("FileHeader"));
  Document document;
  document.bytes = content.size();
  uint64_t room = input.limits.max_document_bytes;
  for (const std::string& name : section_names(file)) {
    std::string records = file.stream(name.c_str(), "BodyText");
    if ((flags & kCompressed) != 0) {
      records = inflated(records, room);
      room -= std::min<uint64_t>(room, records.size());
    }
    append_hwp_section(records, document.text);
  }
  if (document.text.find_first_not_of(" \t\n") == std::string::npos)
    throw Refused(reason::kNoText, "has no text in its sections");
  document.text += '\n';
  document.encoding = "utf-16le";
  add_properties(file, document);
  output.item(std::move(document));
}

}  // namespace hone::document
