#include "tokenizer/stream_decoder.h"

#include <cstddef>
#include <string_view>

namespace hone::tokenizer {
namespace {

constexpr const char* kReplacement = "\xEF\xBF\xBD";  // U+FFFD

bool continues(unsigned char byte) { return (byte & 0xC0) == 0x80; }

/// Bytes of the character that begins `text`: its length when whole and valid, 0 when it may become one; when it cannot, minus
/// the bytes that were good so far (at least one).
int character_length(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const int length = lead < 0x80                   ? 1
                     : lead >= 0xC2 && lead < 0xE0 ? 2
                     : lead >= 0xE0 && lead < 0xF0 ? 3
                     : lead >= 0xF0 && lead < 0xF5 ? 4
                                                   : -1;
  if (length <= 1) return length;
  for (int i = 1; i < length; ++i) {
    const auto at = static_cast<size_t>(i);
    if (at == text.size()) return 0;
    if (!continues(byte(at))) return -i;
    if (i > 1) continue;
    // No overlong forms, surrogates, or code points above U+10FFFF.
    if ((lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) > 0x9F)) return -1;
    if ((lead == 0xF0 && byte(1) < 0x90) || (lead == 0xF4 && byte(1) > 0x8F)) return -1;
  }
  return length;
}

}  // namespace

StreamDecoder::StreamDecoder(const Tokenizer& tokenizer, Start start)
    : tokenizer_(&tokenizer),
      at_start_(start == Start::text && tokenizer.leading_space() != LeadingSpace::keep) {}

void StreamDecoder::take(std::string& text, bool run_ended) {
  size_t done = 0;
  while (done < pending_.size()) {
    const int length = character_length(std::string_view(pending_).substr(done));
    if (length == 0 && !run_ended) break;
    if (length > 0) {
      text.append(pending_, done, static_cast<size_t>(length));
      done += static_cast<size_t>(length);
    } else {
      // Byte-level vocabularies write one mark for a broken character, the others one for each of its bytes.
      text += kReplacement;
      done = !tokenizer_->byte_level() ? done + 1 : length == 0 ? pending_.size() : done + static_cast<size_t>(-length);
    }
  }
  pending_.erase(0, done);
}

std::string StreamDecoder::add(int32_t id) {
  const PieceKind kind = tokenizer_->kind(id);
  std::string text;
  if (tokenizer_->byte_level() || kind == PieceKind::byte) {
    pending_ += tokenizer_->surface(id);
    take(text, false);
    if (!text.empty()) at_start_ = false;
    return text;
  }
  take(text, true);
  if (!text.empty()) at_start_ = false;
  std::string surface = tokenizer_->surface(id);
  if (at_start_ && kind != PieceKind::unknown && surface.starts_with(' ')) {
    surface.erase(0, 1);
    if (tokenizer_->leading_space() == LeadingSpace::drop_one) at_start_ = false;
  }
  if (!surface.empty()) at_start_ = false;
  return text + surface;
}

std::string StreamDecoder::finish() {
  std::string text;
  take(text, true);
  return text;
}

bool writes_part_of_character(const Tokenizer& tokenizer, int32_t id) {
  if (tokenizer.kind(id) == PieceKind::byte) return true;
  if (!tokenizer.byte_level()) return false;
  const std::string surface = tokenizer.surface(id);
  for (size_t at = 0; at < surface.size();) {
    const int length = character_length(std::string_view(surface).substr(at));
    if (length <= 0) return true;
    at += static_cast<size_t>(length);
  }
  return false;
}

}  // namespace hone::tokenizer
