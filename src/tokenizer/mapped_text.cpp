#include "tokenizer/mapped_text.h"

#include <unicode/bytestream.h>
#include <unicode/edits.h>
#include <unicode/normalizer2.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"

namespace hone::tokenizer {
namespace {

/// Where the first byte that belongs to no character stands; npos when there is none.
size_t first_broken(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    if (at + 8 <= text.size()) {
      uint64_t eight = 0;
      std::memcpy(&eight, text.data() + at, 8);
      if ((eight & UINT64_C(0x8080808080808080)) == 0) {
        at += 8;
        continue;
      }
    }
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const size_t begin = at;
    UChar32 c = 0;
    U8_NEXT(text.data(), at, text.size(), c);
    if (c < 0) return begin;
  }
  return std::string_view::npos;
}

const icu::Normalizer2& normalizer(Form form) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* found = form == Form::nfc    ? icu::Normalizer2::getNFCInstance(status)
                                  : form == Form::nfd  ? icu::Normalizer2::getNFDInstance(status)
                                  : form == Form::nfkc ? icu::Normalizer2::getNFKCInstance(status)
                                                       : icu::Normalizer2::getNFKDInstance(status);
  if (U_FAILURE(status)) throw Error(ExitCode::internal, "ICU has no data for normalisation; install libicu again");
  return *found;
}

}  // namespace

MappedText MappedText::of(std::string_view text, Origins origins) {
  MappedText result;
  result.keeps_ = origins == Origins::kept;
  result.borrowed_ = text;
  size_t broken = first_broken(text);
  if (broken == text.npos) return result;
  std::string whole;
  std::vector<uint64_t> from;
  size_t done = 0;
  for (; broken != text.npos; broken = first_broken(text.substr(done)), broken += broken == text.npos ? 0 : done) {
    whole.append(text, done, broken - done);
    for (size_t i = done; result.keeps_ && i < broken; ++i) from.push_back(i);
    size_t end = broken;
    UChar32 c = 0;
    U8_NEXT(text.data(), end, text.size(), c);
    whole += "\xEF\xBF\xBD";
    if (result.keeps_) from.insert(from.end(), 3, broken);
    done = end;
  }
  whole.append(text, done, text.npos);
  for (size_t i = done; result.keeps_ && i <= text.size(); ++i) from.push_back(i);
  result.put(std::move(whole), std::move(from));
  return result;
}

void MappedText::put(std::string text, std::vector<uint64_t> origins) {
  own_ = std::move(text);
  owns_ = true;
  if (keeps_) origins_ = std::move(origins);
}

void MappedText::make_origins() {
  if (!origins_.empty()) return;
  origins_.resize(text().size() + 1);
  for (size_t i = 0; i < origins_.size(); ++i) origins_[i] = i + shift_;
}

MappedText MappedText::part(size_t begin, size_t end) const {
  MappedText result;
  result.keeps_ = keeps_;
  result.opens_ = opens_ && begin == 0;
  result.borrowed_ = text().substr(begin, end - begin);
  if (origins_.empty()) result.shift_ = shift_ + begin;
  else result.origins_.assign(origins_.begin() + static_cast<std::ptrdiff_t>(begin), origins_.begin() + static_cast<std::ptrdiff_t>(end) + 1);
  return result;
}

void MappedText::normalise(Form form) {
  const std::string_view before = text();
  if (std::none_of(before.begin(), before.end(), [](char c) { return static_cast<signed char>(c) < 0; })) return;
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2& icu_form = normalizer(form);
  if (icu_form.isNormalizedUTF8({before.data(), static_cast<int32_t>(before.size())}, status) || U_FAILURE(status)) return;
  std::string after;
  icu::Edits edits;
  icu::StringByteSink<std::string> sink(&after);
  icu_form.normalizeUTF8(0, {before.data(), static_cast<int32_t>(before.size())}, sink, keeps_ ? &edits : nullptr, status);
  if (U_FAILURE(status)) throw Error(ExitCode::data, "a text is too long to be normalised");
  std::vector<uint64_t> origins;
  if (keeps_) {
    origins.reserve(after.size() + 1);
    for (icu::Edits::Iterator change = edits.getFineIterator(); change.next(status);) {
      const auto from = static_cast<size_t>(change.sourceIndex());
      for (int32_t i = 0; i < change.newLength(); ++i) origins.push_back(origin(change.hasChange() ? from : from + static_cast<size_t>(i)));
    }
    origins.push_back(origin(before.size()));
  }
  put(std::move(after), std::move(origins));
}

void MappedText::replace(std::string_view what, std::string_view with) {
  const std::string_view before = text();
  size_t found = what.empty() ? before.npos : before.find(what);
  if (found == before.npos) return;
  std::string after;
  std::vector<uint64_t> origins;
  size_t done = 0;
  for (; found != before.npos; found = before.find(what, done)) {
    after.append(before, done, found - done);
    for (size_t i = done; keeps_ && i < found; ++i) origins.push_back(origin(i));
    after += with;
    if (keeps_) origins.insert(origins.end(), with.size(), origin(found));
    done = found + what.size();
  }
  after.append(before, done, before.npos);
  for (size_t i = done; keeps_ && i <= before.size(); ++i) origins.push_back(origin(i));
  put(std::move(after), std::move(origins));
}

void MappedText::replace(const RegexSplit& what, std::string_view with) {
  const std::string_view before = text();
  const std::vector<TextRange> matches = what.matches(before);
  if (matches.empty()) return;
  std::string after;
  std::vector<uint64_t> origins;
  size_t done = 0;
  for (const TextRange& match : matches) {
    after.append(before, done, match.begin - done);
    for (size_t i = done; keeps_ && i < match.begin; ++i) origins.push_back(origin(i));
    after += with;
    if (keeps_) origins.insert(origins.end(), with.size(), origin(match.begin));
    done = match.end;
  }
  after.append(before, done, before.npos);
  for (size_t i = done; keeps_ && i <= before.size(); ++i) origins.push_back(origin(i));
  put(std::move(after), std::move(origins));
}

void MappedText::prepend(std::string_view prefix) {
  if (keeps_) {
    make_origins();
    origins_.insert(origins_.begin(), prefix.size(), origins_.front());
  }
  own_ = std::string(prefix).append(text());
  owns_ = true;
}

}  // namespace hone::tokenizer
