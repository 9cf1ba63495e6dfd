#pragma once
/// What Hone says while it works. stdout is data, stderr is talk: everything here goes to stderr.
/// On a terminal: short lines, colours unless NO_COLOR is set. With --log-json: one JSON object a line
/// {"time", "level", "event", …}. With --quiet: warnings and errors only.
#include <cstdint>
#include <string>
#include <string_view>

namespace hone::base {

enum class Talk { normal, quiet, json };

/// Set once by main before anything speaks.
void set_talk(Talk talk);
Talk talk();

/// True when stderr is a terminal that may be written over (progress bars).
bool on_terminal();
/// True when colours may be used on stderr (terminal, NO_COLOR unset, TERM not dumb).
bool colours();
/// The same for stdout, where data goes.
bool output_colours();
/// Columns that `text` (UTF-8) takes on a terminal: Hangul and other wide characters count two (ICU's East Asian width).
int columns(std::string_view text);
/// `text` with control, format and other invisible characters written as U+200B, so that a person sees them and a terminal is safe.
std::string visible(std::string_view text);

void say(std::string_view message);   ///< Ordinary progress talk; silent when quiet.
void warn(std::string_view message);  ///< Prefixed `warning:`.
void complain(std::string_view message);  ///< Prefixed `error:`; always shown.

/// "1.4 MB", "312 KB" (decimal units); "2 h 05 min", "41 s", "0.8 s"; "12,345,678".
std::string human_bytes(double bytes);
std::string human_duration(double seconds);
std::string human_count(uint64_t count);

/// UTC, "2026-01-31T09:30:00Z".
std::string utc_now();

}  // namespace hone::base
