#pragma once
/// What surrounds the words of a Markdown page without being Markdown: HTML and MDX comments, HTML tags and
/// JSX components, heading anchors, include directives, the fences of admonitions. Code blocks and code spans
/// are left alone.
#include <string>
#include <string_view>

namespace hone::document {

/// Whether a line lies in a fenced code block (CommonMark 4.5); lists may indent fences, so any indent
/// counts.
class Fence {
 public:
  /// Takes the next line; afterwards inside() is true between an opening and its closing fence.
  void line(std::string_view line);
  bool inside() const { return length_ > 0; }

 private:
  char mark_ = 0;
  size_t length_ = 0;
};

std::string strip_markup(std::string_view text);

}  // namespace hone::document
