#pragma once
/// Hugo's shortcodes in Markdown: `{{< name key="value" >}}` and `{{% name %}}`. The markup goes; what a
/// visitor would read stays: the text between an opening and a closing one, a tooltip's words, a figure's
/// caption, a tab's name. Templates of other kinds (`{{ value }}`, `{% if %}`) are not touched.
#include <string>
#include <string_view>

namespace hone::document {

std::string expand_shortcodes(std::string_view text);

}  // namespace hone::document
