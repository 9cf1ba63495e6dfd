#pragma once
/// What a file is: by its name first, by its first bytes where the name says nothing or something else is
/// inside. Formats that Hone cannot read are named, so that nobody wonders where a folder of PDFs went.
#include <string>
#include <string_view>
#include <variant>

#include "document/reader.h"

namespace hone::document {

/// Why a file of this name or with these first bytes is not read; `what` as in "a PDF document".
struct Unreadable {
  std::string what;
};

/// `name` may end in .gz, .zst or .zstd besides; `head` is the beginning of the inflated content.
std::variant<Format, Unreadable> recognise(std::string_view name, std::string_view head);

}  // namespace hone::document
