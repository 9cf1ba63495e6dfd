#pragma once
/// The page's looks: one style sheet, light and dark by the reader's own setting, A4 on paper. No fonts are
/// fetched: the system's own, with Korean ones named for systems that would otherwise pick a poor one.
#include <string_view>

namespace hone::report {

/// CSS for the page's <style>. Text on its ground has a contrast of at least 4.5 in both schemes (tests
/// measure it).
std::string_view style_sheet();

}  // namespace hone::report
