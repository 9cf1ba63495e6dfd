#include "base/log.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <cstdio>
#include <ctime>
#include <mutex>
#include <nlohmann/json.hpp>
#include <fmt/format.h>

#include "base/progress.h"

namespace hone::base {

namespace {

Talk current_talk = Talk::normal;  // written once by main, before threads exist

void emit(const char* level, std::string_view message, std::string_view prefix, const char* colour) {
  if (current_talk == Talk::json) {
    const nlohmann::json line = {{"time", utc_now()}, {"level", level}, {"event", "message"}, {"text", message}};
    write_talk(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    return;
  }
  std::string text;
  if (!prefix.empty()) text = colours() ? fmt::format("{}{}\x1b[0m ", colour, prefix) : fmt::format("{} ", prefix);
  write_talk(text + std::string(message) + "\n");
}

bool is_terminal(int descriptor) {
  const char* term = std::getenv("TERM");
  return isatty(descriptor) == 1 && !(term && std::string_view(term) == "dumb");
}

bool refuses_colours() {  // https://no-color.org
  const char* no_color = std::getenv("NO_COLOR");
  return no_color && *no_color;
}

}  // namespace

void set_talk(Talk talk) { current_talk = talk; }
Talk talk() { return current_talk; }

bool on_terminal() { return is_terminal(STDERR_FILENO); }
bool colours() { return on_terminal() && !refuses_colours(); }
bool output_colours() { return is_terminal(STDOUT_FILENO) && !refuses_colours(); }

int columns(std::string_view text) {
  int width = 0;
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < length;) {
    UChar32 c = 0;
    U8_NEXT(text.data(), i, length, c);
    if (c < 0) c = 0xFFFD;
    const int8_t type = u_charType(c);
    if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR || type == U_CONTROL_CHAR) continue;
    const int wide = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    width += wide == U_EA_WIDE || wide == U_EA_FULLWIDTH ? 2 : 1;
  }
  return width;
}

std::string visible(std::string_view text) {
  std::string shown;
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < length;) {
    const int32_t begin = i;
    UChar32 c = 0;
    U8_NEXT(text.data(), i, length, c);
    const bool seen = c == ' ' || (c >= 0 && u_isgraph(c) && !u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT));
    if (seen) shown += text.substr(static_cast<size_t>(begin), static_cast<size_t>(i - begin));
    else shown += c < 0 ? "U+FFFD" : fmt::format("U+{:04X}", c);
  }
  return shown;
}

void say(std::string_view message) {
  if (current_talk != Talk::quiet) emit("info", message, "", "");
}
void warn(std::string_view message) { emit("warning", message, "warning:", "\x1b[33m"); }
void complain(std::string_view message) { emit("error", message, "error:", "\x1b[31m"); }

std::string human_bytes(double bytes) {
  static constexpr const char* kUnits[] = {"bytes", "KB", "MB", "GB", "TB"};
  int unit = 0;
  while (bytes >= 1000 && unit < 4) {
    bytes /= 1000;
    ++unit;
  }
  if (unit == 0) return fmt::format("{:.0f} bytes", bytes);
  return bytes < 10 ? fmt::format("{:.1f} {}", bytes, kUnits[unit]) : fmt::format("{:.0f} {}", bytes, kUnits[unit]);
}

std::string human_duration(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return "unknown";
  if (seconds < 10) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<long long>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02d} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02d} min", whole / 3600, whole / 60 % 60);
}

std::string human_count(uint64_t count) {
  std::string digits = std::to_string(count);
  for (int place = static_cast<int>(digits.size()) - 3; place > 0; place -= 3) digits.insert(static_cast<size_t>(place), ",");
  return digits;
}

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

}  // namespace hone::base
