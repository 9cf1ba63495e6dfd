#pragma once
/// A text as a vocabulary wants it, with the way back to the text as given: every byte knows the byte it came from.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hone::tokenizer {

class MappedText {
 public:
  /// The text itself; what is not UTF-8 becomes U+FFFD.
  static MappedText of(std::string_view text);

  const std::string& text() const { return text_; }
  /// The byte of the text as given that byte `at` came from; at == text().size() gives its end.
  uint64_t origin(size_t at) const { return origins_.empty() ? at + shift_ : origins_[at]; }

  /// Bytes [begin, end) on their own.
  MappedText part(size_t begin, size_t end) const;
  /// Unicode NFC (ICU).
  void compose();
  /// Every `what` becomes `with`.
  void replace(char what, std::string_view with);
  void prepend(std::string_view prefix);

 private:
  void make_origins();

  std::string text_;
  std::vector<uint64_t> origins_;  ///< text_.size() + 1 of them; empty while nothing has moved.
  uint64_t shift_ = 0;
};

}  // namespace hone::tokenizer
