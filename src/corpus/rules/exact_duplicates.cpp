#include "corpus/rules/exact_duplicates.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <bitset>
#include <charconv>
#include <cstring>

#include "base/error.h"
#include "base/hash.h"
#include "corpus/archive.h"
#include "corpus/clusters.h"
#include "corpus/unicode.h"

namespace hone::corpus {
namespace {

/// Characters of the basic plane that NFKC leaves as they are beside any other of them, default-ignorable ones apart.
class PlainCharacters {
 public:
  PlainCharacters() {
    for (char32_t c = 0x80; c < 0x10000; ++c) {
      const auto point = static_cast<UChar32>(c);
      plain_[c] = (c < 0xD800 || c > 0xDFFF) && u_getIntPropertyValue(point, UCHAR_NFKC_QUICK_CHECK) == UNORM_YES &&
                  u_getCombiningClass(point) == 0 && !is_default_ignorable(c);
    }
  }
  bool all_of(std::string_view text) const {
    for (size_t i = 0; i < text.size();) {
      if (static_cast<uint8_t>(text[i]) < 0x80) {
        ++i;
        continue;
      }
      const char32_t c = next_code_point(text, i);
      if (c >= 0x10000 || !plain_[c]) return false;
    }
    return true;
  }

 private:
  std::bitset<0x10000> plain_;
};

std::string compatible(std::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCInstance(error);
  std::string result;
  icu::StringByteSink<std::string> sink(&result);
  if (U_SUCCESS(error) != 0) nfkc->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), sink, nullptr, error);
  if (U_FAILURE(error) != 0) throw Error(ExitCode::internal, std::string{"NFKC of a document failed: "} + u_errorName(error));
  return result;
}

std::string without_ignorable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  size_t piece = 0;
  for (size_t i = 0; i < text.size();) {
    const size_t begin = i;
    if (static_cast<uint8_t>(text[i]) < 0x80) {
      ++i;
    } else if (is_default_ignorable(next_code_point(text, i))) {
      result.append(text, piece, begin - piece);
      piece = i;
    }
  }
  return result.append(text, piece);
}

/// White space in a row becomes one space, none at the ends. Copied in pieces between the white space.
std::string collapsed(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  size_t piece = 0;
  const auto copy_until = [&](size_t end) {
    if (end > piece) {
      if (!result.empty()) result += ' ';
      result.append(text, piece, end - piece);
    }
  };
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<uint8_t>(text[i]);
    const size_t begin = i;
    if (byte < 0x80) {
      ++i;
      if (byte > ' ' || !is_white_space(byte)) continue;
    } else if (!is_white_space(next_code_point(text, i))) {
      continue;
    }
    copy_until(begin);
    piece = i;
  }
  copy_until(text.size());
  return result;
}

}  // namespace

std::string canonical_form(std::string_view text) {
  static const PlainCharacters kPlain;
  if (kPlain.all_of(text)) return collapsed(text);
  // What is removed may have kept apart what NFKC would have composed.
  return collapsed(compatible(without_ignorable(compatible(text))));
}

namespace {

/// Records are the same when their turns are, one by one: each with its role in front, behind a sign that canonical forms do not have.
std::string canonical_record(const DocumentView& record) {
  std::string all;
  for (const document::Part& part : record.parts)
    all += '\n' + part.role + '\n' + canonical_form(record.text.substr(part.begin, part.end - part.begin));
  return all;
}

}  // namespace

std::string ExactDuplicates::observe(const DocumentView& document) const {
  const std::string digest = base::sha256(document.parts.empty() ? canonical_form(document.text) : canonical_record(document));
  std::array<uint64_t, 2> key{};
  for (size_t i = 0; i < key.size(); ++i) std::from_chars(digest.data() + i * 16, digest.data() + i * 16 + 16, key[i], 16);
  return {reinterpret_cast<const char*>(key.data()), sizeof key};
}

void ExactDuplicates::take(DocumentIndex index, std::string_view observation) {
  Seen seen{.index = index, .key = {}};
  HONE_ASSERT(observation.size() == sizeof seen.key);
  std::memcpy(seen.key.data(), observation.data(), sizeof seen.key);
  seen_.push_back(seen);
}

void ExactDuplicates::settle(Settlement& settlement) {
  std::erase_if(seen_, [&](const Seen& seen) { return !settlement.present(seen.index); });
  std::sort(seen_.begin(), seen_.end(), [](const Seen& a, const Seen& b) { return a.key < b.key || (a.key == b.key && a.index < b.index); });
  for (size_t i = 0; i < seen_.size();) {
    const Seen& first = seen_[i];
    size_t next = i + 1;
    while (next < seen_.size() && seen_[next].key == first.key) ++next;
    if (next - i > 1) {
      const std::string id = settlement.archive.id(first.index);
      for (size_t copy = i + 1; copy < next; ++copy) {
        first_of_.emplace(seen_[copy].index, id);
        settlement.clusters.link(first.index, seen_[copy].index);
      }
    }
    i = next;
  }
  seen_ = {};
}

std::optional<std::string> ExactDuplicates::settled(DocumentIndex index) const {
  const auto found = first_of_.find(index);
  return found == first_of_.end() ? std::string() : "copy of " + found->second;
}

Outcome ExactDuplicates::judge(const DocumentView& document) const {
  const auto found = first_of_.find(document.index);
  if (found == first_of_.end()) return Outcome::keep();
  return {.verdict = Verdict::drop, .reason = "exact_duplicate", .duplicate_of = found->second};
}

}  // namespace hone::corpus
