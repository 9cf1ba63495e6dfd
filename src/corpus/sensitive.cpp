#include "corpus/sensitive.h"

#include <algorithm>
#include <vector>

#include "corpus/personal/scan.h"
#include "corpus/secret/find.h"
#include "corpus/shadow.h"

namespace hone::corpus {
namespace {

/// Shorter than the shortest mail address or number.
constexpr size_t kShortest = 6;

struct Place {
  size_t begin, end;
  std::string_view placeholder;
};

std::vector<Place> sensitive_places(std::string_view text) {
  std::vector<Place> places;
  if (text.size() < kShortest) return places;
  const Shadow shadow(text);
  for (const secret::Match& match : secret::find_all(shadow.text())) {
    const auto [begin, end] = shadow.source_range(match.begin, match.end);
    places.push_back({begin, end, secret::kPlaceholder});
  }
  for (const personal::Match& match : personal::find_all(shadow.text(), personal::numbered_kinds())) {
    const auto [begin, end] = shadow.source_range(match.begin, match.end);
    places.push_back({begin, end, placeholder_of(match.kind)});
  }
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.begin < b.begin; });
  return places;
}

}  // namespace

bool has_sensitive(std::string_view text) { return !sensitive_places(text).empty(); }

std::string without_sensitive(std::string_view text) {
  std::string result;
  size_t copied = 0;
  for (const Place& place : sensitive_places(text)) {
    if (place.begin < copied) {  // overlaps the one before
      copied = std::max(copied, place.end);
      continue;
    }
    result.append(text, copied, place.begin - copied);
    result += place.placeholder;
    copied = place.end;
  }
  return result.append(text, copied, std::string_view::npos);
}

}  // namespace hone::corpus
