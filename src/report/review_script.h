#pragma once
/// The one script Hone writes: it shows the documents of a review one by one, takes answers, and saves them as a file.
/// It reads the page it is in and touches nothing else; answers wait in the browser's local storage, under the sample's name,
/// so that a closed window loses nothing. No text of documents is stored.
#include <string_view>

namespace hone::report {

std::string_view review_script();
std::string_view review_style_sheet();

}  // namespace hone::report
