#pragma once
/// A text as a vocabulary wants it, with the way back to the text as given: every byte knows the byte it came from. Nothing is
/// copied while nothing changes; who only wants ids asks for no way back and pays for none.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/regex_split.h"

namespace hone::tokenizer {

/// Unicode normalisation forms.
enum class Form { nfc, nfd, nfkc, nfkd };

class MappedText {
 public:
  enum class Origins { kept, forgotten };

  /// The text itself, which must outlive it; what is not UTF-8 becomes U+FFFD.
  static MappedText of(std::string_view text, Origins origins);

  std::string_view text() const { return owns_ ? std::string_view(own_) : borrowed_; }
  /// The byte of the text as given that byte `at` came from; at == text().size() gives its end. Only where origins are kept.
  uint64_t origin(size_t at) const { return origins_.empty() ? at + shift_ : origins_[at]; }
  /// Whether the text as given begins here.
  bool opens_text() const { return opens_; }

  /// Bytes [begin, end) on their own; borrows from this text, which must stay as it is.
  MappedText part(size_t begin, size_t end) const;
  void normalise(Form form);
  /// Every `what` becomes `with`.
  void replace(std::string_view what, std::string_view with);
  void replace(const RegexSplit& what, std::string_view with);
  void prepend(std::string_view prefix);

 private:
  void make_origins();
  void put(std::string text, std::vector<uint64_t> origins);

  std::string own_;
  std::string_view borrowed_;
  bool owns_ = false, keeps_ = true, opens_ = true;
  std::vector<uint64_t> origins_;  ///< text().size() + 1 of them; empty while nothing has moved.
  uint64_t shift_ = 0;
};

}  // namespace hone::tokenizer
