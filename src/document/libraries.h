#pragma once
/// All that parsing libraries want of the system before a process locks itself in: converters, types
/// registered with GLib, a locale that knows UTF-8. After it, no reader opens a file.
namespace hone::document {

/// Once, from the first thread of the process. A library that finds less than it likes (no locale, no
/// converter) reads with less.
void open_libraries();

}  // namespace hone::document
