#include "document/encoding.h"
#include "document/reader.h"

namespace hone::document {

/// A plain text is its own text: nothing is taken out.
void read_text(std::string content, const Input&, Output& output) {
  const uint64_t bytes = content.size();
  auto decoded = to_utf8(std::move(content));
  if (!decoded) {
    output.item(rejection(reason::kNotText, "is not text in any encoding that Hone knows", bytes));
    return;
  }
  Document document;
  unify_line_ends(decoded->text);
  document.text = std::move(decoded->text);
  document.encoding = std::move(decoded->encoding);
  document.bytes = bytes;
  output.item(std::move(document));
}

}  // namespace hone::document
