#pragma once
/// What a file is: by its first bytes where they are unmistakable, by its name otherwise, by its first bytes
/// again where the name says nothing. Formats that Hone cannot read are named together with what to do about
/// them, so that nobody wonders where a folder of old documents went.
///
/// Two containers hold many formats. Of a ZIP file the beginning tells enough in most cases, and the name in
/// the others; office_reader.h looks at the whole. Of an OLE file only the whole tells (ole_kind): every one
/// is called `hwp`, the one format in it that Hone reads, until then.
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "document/document.h"
#include "document/reader.h"

namespace hone::document {

/// Why a file of this name or with these bytes is not read.
struct Unreadable {
  std::string what;    ///< As in "a presentation (ppt)".
  std::string advice;  ///< As in "save it as .pptx"; may be empty.
  const char* reason = reason::kUnreadableFormat;
};

using Recognised = std::variant<Format, Unreadable>;

/// `name` may end in .gz, .zst or .zstd besides; `head` is the beginning of the inflated content, 4 KiB of it
/// when there is so much.
Recognised recognise(std::string_view name, std::string_view head);

/// Whether `head` begins a ZIP file (APPNOTE 4.3.7, or 4.3.16 for one without entries).
bool is_zip(std::string_view head);

/// What the entries at the beginning of a ZIP file say that it is; nullopt when they do not.
std::optional<Format> zip_kind(std::string_view head);

/// Whether `head` begins an OLE compound file ([MS-CFB] 2.2).
bool is_ole(std::string_view head);

/// What a whole OLE file is, by the entries of its root: hwp, or something named that Hone does not read.
/// Throws Error(data) when its tables are broken.
Recognised ole_kind(std::string_view content);

/// "is a presentation (ppt), which Hone does not read; save it as .pptx".
std::string sentence(const Unreadable& unreadable);

}  // namespace hone::document
