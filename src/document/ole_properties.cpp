#include "document/ole_properties.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <ctime>

#include "document/encoding.h"
#include "document/hwp_records.h"

namespace hone::document {
namespace {

// [MS-OLEPS] 2.21 to 2.25 and 2.15; property ids of the summary set, 3.1.2.
constexpr size_t kFirstOffsetAt = 44, kCountAt = 4, kPairsAt = 8, kPairBytes = 8;
constexpr uint32_t kTitle = 2, kAuthor = 4, kCreated = 12, kSaved = 13;
constexpr uint32_t kMaxProperties = 256;
constexpr uint32_t kNarrowString = 0x1E, kWideString = 0x1F, kFileTime = 0x40;
constexpr uint64_t kTicksPerSecond = 10'000'000;
constexpr uint64_t kSecondsFrom1601 = 11'644'473'600;  // to 1970

std::string string_at(std::string_view set, size_t at) {
  const uint32_t type = u32_at(set, at);
  const uint32_t length = u32_at(set, at + 4);
  if (at + 8 > set.size() || (type != kWideString && type != kNarrowString)) return {};
  const uint64_t bytes = type == kWideString ? uint64_t{2} * length : length;
  std::string raw(set.substr(at + 8, static_cast<size_t>(bytes)));
  const size_t width = type == kWideString ? 2 : 1;
  for (size_t i = 0; i + width <= raw.size(); i += width)
    if (raw[i] == 0 && raw[i + width - 1] == 0) {
      raw.resize(i);
      break;
    }
  if (type == kWideString) raw.insert(0, "\xFF\xFE");  // the mark decides, not statistics of a few characters
  const auto decoded = to_utf8(std::move(raw));
  if (!decoded) return {};
  const std::string& text = decoded->text;
  const size_t first = text.find_first_not_of(" \t\r\n");
  return first == std::string::npos ? std::string()
                                    : text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first);
}

std::string date_at(std::string_view set, size_t at) {
  if (u32_at(set, at) != kFileTime) return {};
  const uint64_t ticks = u32_at(set, at + 4) | static_cast<uint64_t>(u32_at(set, at + 8)) << 32;
  if (ticks / kTicksPerSecond <= kSecondsFrom1601) return {};  // 1601 stands for never
  return iso_date(static_cast<int64_t>(ticks / kTicksPerSecond - kSecondsFrom1601));
}

}  // namespace

std::string iso_date(int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  if (gmtime_r(&time, &parts) == nullptr || parts.tm_year < 0 || parts.tm_year > 9999 - 1900) return {};
  std::array<char, 32> text{};
  const size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), length};
}

DocumentProperties read_properties(std::string_view stream) {
  DocumentProperties found;
  const uint32_t offset = u32_at(stream, kFirstOffsetAt);
  if (offset == 0 || offset >= stream.size()) return found;
  const std::string_view set = stream.substr(offset);
  const uint32_t count = std::min(u32_at(set, kCountAt), kMaxProperties);
  std::string created;
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t id = u32_at(set, kPairsAt + kPairBytes * i);
    const uint32_t at = u32_at(set, kPairsAt + kPairBytes * i + 4);
    if (id == kTitle) found.title = string_at(set, at);
    if (id == kAuthor) found.author = string_at(set, at);
    if (id == kSaved) found.date = date_at(set, at);
    if (id == kCreated) created = date_at(set, at);
  }
  if (found.date.empty()) found.date = std::move(created);
  return found;
}

}  // namespace hone::document
