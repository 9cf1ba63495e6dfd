#pragma once
/// What the report says, in the languages it speaks. A Text has every language or it does not compile, so no
/// report mixes two. {0}, {1} … in a Text stand for what is filled in: numbers and names, already written
/// out.
#include <initializer_list>
#include <string>
#include <string_view>

#include "recipe/report.h"

namespace hone::report {

struct Text {
  std::string_view en;
  std::string_view ko;
};

/// Speaks one language.
class Voice {
 public:
  explicit Voice(recipe::Language language) : language_(language) {}

  std::string operator()(const Text& text, std::initializer_list<std::string> values = {}) const;
  bool korean() const { return language_ == recipe::Language::ko; }
  /// As in the lang attribute.
  std::string_view code() const { return korean() ? "ko" : "en"; }

  /// "1 document", "64 documents" · "문서 64건"; likewise for others that are counted.
  std::string documents(double number) const;
  std::string held_out_documents(double number) const;
  std::string epochs(double number) const;

  /// Numbers as people of that language write them. Not a number, or infinite: "–".
  std::string count(double value) const;                           ///< 12,345
  std::string decimal(double value, int places) const;             ///< 1.873
  std::string percent(double share, int places = 1) const;         ///< 12.3 % · 12.3%
  std::string signed_percent(double share, int places = 1) const;  ///< −12.3 %, with a true minus sign
  std::string bytes(double value) const;                           ///< 1.4 MB
  std::string duration(double seconds) const;                      ///< 2 h 05 min · 2시간 5분
  std::string scientific(double value) const;                      ///< 0.0002 · 2e-05, for rates

 private:
  recipe::Language language_;
};

}  // namespace hone::report
