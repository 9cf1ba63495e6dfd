/// What is inside ZIP and OLE files, as far as their names of entries say.
#include <algorithm>
#include <array>
#include <vector>

#include "document/format.h"
#include "document/ole_file.h"

namespace hone::document {
namespace {

// APPNOTE 4.3.7, local file header.
constexpr std::string_view kLocalHeader = "PK\x03\x04", kEmptyArchive = "PK\x05\x06";
constexpr size_t kMethodAt = 8, kNameLengthAt = 26, kExtraLengthAt = 28, kNameAt = 30;

unsigned u16(std::string_view bytes, size_t at) {
  return static_cast<unsigned char>(bytes[at]) |
         static_cast<unsigned>(static_cast<unsigned char>(bytes[at + 1])) << 8;
}

/// Names of the entries whose headers lie in `head`. Found by their mark, because sizes may stand behind the
/// data.
std::vector<std::string_view> entry_names(std::string_view head) {
  std::vector<std::string_view> names;
  for (size_t at = head.find(kLocalHeader); at != std::string_view::npos;
       at = head.find(kLocalHeader, at + 4)) {
    if (at + kNameAt > head.size()) break;
    names.push_back(head.substr(at + kNameAt, u16(head, at + kNameLengthAt)));
  }
  return names;
}

/// The stored first entry `mimetype` of OpenDocument (1.2, part 3, 3.3), OWPML and EPUB; "" when there is
/// none.
std::string_view declared_type(std::string_view head, std::string_view first_name) {
  if (first_name != "mimetype" || u16(head, kMethodAt) != 0) return {};
  const size_t begin = std::min(kNameAt + first_name.size() + u16(head, kExtraLengthAt), head.size());
  return head.substr(begin, 64);
}

struct OleMark {
  const char* entry;
  Unreadable what;
};

const std::array<OleMark, 8>& ole_marks() {
  static const std::array<OleMark, 8> kMarks = {{
      {"EncryptedPackage",
       {"an office document behind a password",
        "open it, remove the password (File, Info, Protect), save it again", reason::kEncrypted}},
      {"WordDocument", {"a Word document of the old kind (doc)", "save it as .docx"}},
      {"PowerPoint Document", {"a presentation of the old kind (ppt)", "save it as .pptx"}},
      {"Workbook", {"a spreadsheet of the old kind (xls)", "save it as .xlsx"}},
      {"Book", {"a spreadsheet of the old kind (xls)", "save it as .xlsx"}},
      {"__properties_version1.0", {"an Outlook message (msg)", "save it as .eml"}},
      {"VisioDocument", {"a Visio drawing (vsd)", "export it as .pdf"}},
      {"Quill", {"a Publisher document", "export it as .pdf"}},
  }};
  return kMarks;
}

}  // namespace

bool is_zip(std::string_view head) {
  return head.starts_with(kLocalHeader) || head.starts_with(kEmptyArchive);
}

std::optional<Format> zip_kind(std::string_view head) {
  const std::vector<std::string_view> names = entry_names(head);
  if (names.empty()) return std::nullopt;
  const std::string_view type = declared_type(head, names.front());
  if (type.starts_with("application/vnd.oasis.opendocument.")) return Format::odt;
  if (type.starts_with("application/hwp+zip")) return Format::hwpx;
  const auto holds = [&](auto known) { return std::any_of(names.begin(), names.end(), known); };
  // Parts of other office files may be packed as plain files too: only the frame that all of them have tells.
  if (!holds([](std::string_view name) { return name == "[Content_Types].xml" || name == "_rels/.rels"; }))
    return std::nullopt;
  if (holds([](std::string_view name) { return name.starts_with("word/"); })) return Format::docx;
  if (holds([](std::string_view name) { return name.starts_with("ppt/"); })) return Format::pptx;
  if (holds([](std::string_view name) { return name.starts_with("xl/"); })) return Format::xlsx;
  return std::nullopt;
}

bool is_ole(std::string_view head) { return head.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"); }

Recognised ole_kind(std::string_view content) {
  const OleFile file(content);
  for (const char* entry : {"FileHeader", "BodyText", "ViewText"})
    if (file.has(entry)) return Format::hwp;
  for (const OleMark& mark : ole_marks())
    if (file.has(mark.entry)) return mark.what;
  return Unreadable{"an old office document (OLE)", "save it in a current format"};
}

}  // namespace hone::document
