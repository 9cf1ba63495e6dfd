#include "tokenizer/stream_decoder.h"

#include <cstddef>

namespace hone::tokenizer {
namespace {

constexpr const char* kReplacement = "\xEF\xBF\xBD";  // U+FFFD

bool continues(unsigned char byte) { return (byte & 0xC0) == 0x80; }

/// Bytes of the character that begins `text`: its length when whole and valid, 0 when it may become one, -1
/// when it cannot.
int character_length(const std::string& text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const int length = lead < 0x80                   ? 1
                     : lead >= 0xC2 && lead < 0xE0 ? 2
                     : lead >= 0xE0 && lead < 0xF0 ? 3
                     : lead >= 0xF0 && lead < 0xF5 ? 4
                                                   : -1;
  if (length <= 1) return length;
  for (size_t i = 1; i < static_cast<size_t>(length); ++i) {
    if (i == text.size()) return 0;
    if (!continues(byte(i))) return -1;
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
  while (!pending_.empty()) {
    const int length = character_length(pending_);
    if (length == 0 && !run_ended) return;
    if (length > 0) {
      text.append(pending_, 0, static_cast<size_t>(length));
      pending_.erase(0, static_cast<size_t>(length));
    } else {
      text += kReplacement;
      pending_.erase(0, 1);
    }
  }
}

std::string StreamDecoder::add(int32_t id) {
  const PieceKind kind = tokenizer_->kind(id);
  std::string text;
  if (kind == PieceKind::byte) {
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

}  // namespace hone::tokenizer
