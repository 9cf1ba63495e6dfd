#pragma once
/// What the words around a number say it is: "계좌번호 …", "Order no. …", the heading of its column.
///
/// A label is the nearest word of the table before the number, in the same paragraph and not far. A label is spent when another
/// long number stands between. Placeholders such as [PHONE] are no labels, so that cleaned text is cleaned no further.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hone::corpus::personal {

enum class Topic : uint8_t {
  none,
  resident,   ///< Resident registration.
  foreigner,  ///< Foreigner registration.
  business,
  licence,
  passport,
  social_security,
  card,
  bank,
  phone,
  email,
  device,  ///< Whose address an IP address is: a login, a client, a terminal.
  other,   ///< A number of another sort: order, part, document, ISBN, corporation.
  numbering,  ///< Versions, sections, figures.
};

/// Topics as bits.
using Topics = uint32_t;
constexpr Topics bit(Topic topic) { return UINT32_C(1) << static_cast<unsigned>(topic); }

struct Label {
  Topic nearest = Topic::none;
  size_t gap = 0;        ///< Bytes between the word and the number.
  bool spent = false;    ///< Another number of six digits or more stands between.
  Topics all = 0;        ///< Every topic before the number, near enough.
  Topic column = Topic::none;  ///< Of the heading over the cell it stands in.

  /// The word right before the number, or the heading of its column, says so.
  bool says(Topic topic) const { return column == topic || (nearest == topic && !spent); }
  bool mentions(Topic topic) const { return column == topic || (all & bit(topic)) != 0; }
  /// It is called something that is nobody's number.
  bool says_other() const { return column == Topic::other || (nearest == Topic::other && !spent && gap <= kLabelGap && column == Topic::none); }

  static constexpr size_t kLabelGap = 20;
};

/// Looks around places of one text, from front to back.
class Context {
 public:
  explicit Context(std::string_view text) : text_(text) {}
  /// What is said before `begin`. Remembers the last answer.
  const Label& before(size_t begin);
  /// Topics of the words in the few characters behind `end`, on the same line.
  Topics behind(size_t end) const;

 private:
  Topic heading(size_t begin);

  std::string_view text_;
  Label label_;
  size_t labelled_ = static_cast<size_t>(-1);
  size_t block_begin_ = 0, block_seen_ = 0;  ///< The block of lines that `block_seen_` is in begins at `block_begin_`.
};

/// ASCII letters in lower case; all else as it is.
std::string lower_case(std::string_view text);

}  // namespace hone::corpus::personal
