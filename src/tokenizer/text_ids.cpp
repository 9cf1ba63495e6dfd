#include "tokenizer/text_ids.h"

#include "base/hash.h"

namespace hone::tokenizer {

TextIds::TextIds(const std::vector<std::string>& texts) {
  size_t size = 16;
  while (size < texts.size() * 2) size *= 2;
  slots_.resize(size);
  for (size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].empty()) continue;
    Slot& slot = slots_[place_of(texts[i])];
    if (slot.size > 0) continue;
    slot = {bytes_.size(), static_cast<uint32_t>(texts[i].size()), static_cast<int32_t>(i)};
    bytes_ += texts[i];
  }
}

/// Where the text is, or the empty place where it would be.
size_t TextIds::place_of(std::string_view text) const {
  size_t at = base::hash64(text) & (slots_.size() - 1);
  for (;; at = (at + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[at];
    if (slot.size == 0 || (slot.size == text.size() && std::string_view(bytes_).substr(slot.begin, slot.size) == text)) return at;
  }
}

int32_t TextIds::find(std::string_view text) const {
  if (slots_.empty() || text.empty()) return -1;
  const Slot& slot = slots_[place_of(text)];
  return slot.size == 0 ? -1 : slot.id;
}

}  // namespace hone::tokenizer
