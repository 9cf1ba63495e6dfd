#pragma once
/// Writes HTML of which every text and attribute is escaped: there is no way to write markup but through open
/// and element. Invariant: what is opened is closed, in order; text() of any bytes cannot leave the element
/// it is in.
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hone::report {

using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// & < > " ' as entities; control characters that HTML and XML forbid, and bytes that are no UTF-8, as
/// U+FFFD.
std::string escaped(std::string_view text);

class Html {
 public:
  Html& open(std::string_view tag, Attributes attributes = {});
  Html& close();
  Html& text(std::string_view text);
  /// open, text, close.
  Html& element(std::string_view tag, std::string_view text, Attributes attributes = {});
  /// An element without content: <meta>, <path/>.
  Html& empty(std::string_view tag, Attributes attributes = {});
  /// Our own style sheet, which no input reaches.
  Html& style(std::string_view css);
  /// Our own script, which no input reaches either; a page that has one allows it by its digest and nothing else.
  Html& script(std::string_view code);

  /// The whole document; everything must have been closed.
  std::string take();

 private:
  void tag(std::string_view name, Attributes attributes);
  std::string out_;
  std::vector<std::string> open_;
};

}  // namespace hone::report
