#include "corpus/parts.h"

#include <algorithm>
#include <string_view>

namespace hone::corpus {
namespace {

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

/// Walks the spans once, beside ascending positions of the original.
class Walk {
 public:
  explicit Walk(const TextMap& map) : map_(map), spans_(map.spans()) {}

  /// Where a part that begins at `position` begins now; `behind`: the end of the part before it, in the original.
  size_t begin_of(size_t position, size_t behind) {
    while (next_ < spans_.size() && spans_[next_].original_end <= position && spans_[next_].original_begin < position) pass();
    if (next_ == spans_.size() || spans_[next_].original_begin >= position) return position + shift_;
    const TextMap::Span& span = spans_[next_];
    const bool own = span.original_begin >= behind && !blank(map_.replacement_of(span));
    return own ? span.begin : span.end;
  }

  size_t end_of(size_t position) {
    while (next_ < spans_.size() && spans_[next_].original_end <= position) pass();
    if (next_ == spans_.size() || spans_[next_].original_begin >= position) return position + shift_;
    const TextMap::Span& span = spans_[next_];
    return blank(map_.replacement_of(span)) ? span.begin : span.end;
  }

 private:
  void pass() {
    shift_ = spans_[next_].end - spans_[next_].original_end;
    ++next_;
  }

  const TextMap& map_;
  const std::vector<TextMap::Span>& spans_;
  size_t next_ = 0;
  size_t shift_ = 0;  ///< Position now less the one in the original, modulo 2^64.
};

}  // namespace

std::vector<document::Part> parts_now(const TextMap& map, const std::vector<document::Part>& parts) {
  std::vector<document::Part> result = parts;
  Walk walk(map);
  size_t behind = 0, last = 0;
  for (size_t i = 0; i < result.size(); ++i) {
    result[i].begin = std::max(last, walk.begin_of(parts[i].begin, behind));
    result[i].end = last = std::max<size_t>(result[i].begin, walk.end_of(parts[i].end));
    behind = parts[i].end;
  }
  return result;
}

}  // namespace hone::corpus
