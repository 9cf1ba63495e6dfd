#include "tokenizer/mapped_text.h"

#include <unicode/bytestream.h>
#include <unicode/edits.h>
#include <unicode/normalizer2.h>
#include <unicode/utf8.h>

#include "base/error.h"

namespace hone::tokenizer {

MappedText MappedText::of(std::string_view text) {
  MappedText result;
  size_t at = 0;
  for (size_t next = 0; next < text.size();) {
    const size_t begin = next;
    UChar32 c = 0;
    U8_NEXT(text.data(), next, text.size(), c);
    if (c >= 0) continue;
    result.make_origins();
    result.text_.append(text, at, begin - at);
    for (size_t i = at; i < begin; ++i) result.origins_.insert(result.origins_.end() - 1, i);
    result.text_ += "\xEF\xBF\xBD";
    result.origins_.insert(result.origins_.end() - 1, 3, begin);
    at = next;
  }
  result.text_.append(text, at, std::string_view::npos);
  if (result.origins_.empty()) return result;
  for (size_t i = at; i < text.size(); ++i) result.origins_.insert(result.origins_.end() - 1, i);
  result.origins_.back() = text.size();
  return result;
}

void MappedText::make_origins() {
  if (!origins_.empty()) return;
  origins_.resize(text_.size() + 1);
  for (size_t i = 0; i < origins_.size(); ++i) origins_[i] = i + shift_;
}

MappedText MappedText::part(size_t begin, size_t end) const {
  MappedText result;
  result.text_ = text_.substr(begin, end - begin);
  if (origins_.empty()) result.shift_ = shift_ + begin;
  else result.origins_.assign(origins_.begin() + static_cast<std::ptrdiff_t>(begin), origins_.begin() + static_cast<std::ptrdiff_t>(end) + 1);
  return result;
}

void MappedText::compose() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) throw Error(ExitCode::internal, "ICU has no NFC data; install libicu again");
  if (nfc->isNormalizedUTF8(text_, status) || U_FAILURE(status)) return;
  std::string composed;
  icu::Edits edits;
  icu::StringByteSink<std::string> sink(&composed);
  nfc->normalizeUTF8(0, text_, sink, &edits, status);
  if (U_FAILURE(status)) throw Error(ExitCode::data, "a text is too long to be normalised");
  std::vector<uint64_t> origins;
  origins.reserve(composed.size() + 1);
  for (icu::Edits::Iterator change = edits.getFineIterator(); change.next(status);) {
    const auto from = static_cast<size_t>(change.sourceIndex());
    for (int32_t i = 0; i < change.newLength(); ++i) origins.push_back(origin(change.hasChange() ? from : from + static_cast<size_t>(i)));
  }
  origins.push_back(origin(text_.size()));
  text_ = std::move(composed);
  origins_ = std::move(origins);
}

void MappedText::replace(char what, std::string_view with) {
  if (text_.find(what) == std::string::npos) return;
  std::string text;
  std::vector<uint64_t> origins;
  for (size_t i = 0; i < text_.size(); ++i) {
    const size_t before = text.size();
    if (text_[i] == what) text += with;
    else text += text_[i];
    origins.insert(origins.end(), text.size() - before, origin(i));
  }
  origins.push_back(origin(text_.size()));
  text_ = std::move(text);
  origins_ = std::move(origins);
}

void MappedText::prepend(std::string_view prefix) {
  make_origins();
  origins_.insert(origins_.begin(), prefix.size(), origins_.front());
  text_.insert(0, prefix);
}

}  // namespace hone::tokenizer
