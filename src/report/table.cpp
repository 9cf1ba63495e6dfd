#include <cmath>
#include <nlohmann/json.hpp>

#include "report/look.h"
#include "report/page.h"

namespace hone::report {

namespace {

constexpr Text kInterval{"{0} to {1}", "{0} ~ {1}"};

}  // namespace

void prose(Html& out, std::string_view tag, std::string_view text) {
  out.open(tag);
  for (bool typed = false;; typed = !typed) {
    const size_t end = text.find('`');
    if (typed)
      out.element("code", text.substr(0, end));
    else
      out.text(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  out.close();
}

void open_table(Html& out, const std::string& caption, const std::vector<Column>& columns, Width width) {
  out.open("div", {{"class", width == Width::full ? "scroll" : "scroll narrow"}})
      .open("table")
      .element("caption", caption)
      .open("thead")
      .open("tr");
  for (const Column& column : columns) {
    if (column.cell == Cell::figure)
      out.element("th", column.heading, {{"scope", "col"}, {"class", "n"}});
    else
      out.element("th", column.heading, {{"scope", "col"}});
  }
  out.close().close().open("tbody");
}

void close_table(Html& out) { out.close().close().close(); }

void figure_cell(Html& out, const std::string& figure) { out.element("td", figure, {{"class", "n"}}); }

void change_cell(const Page& page, const nlohmann::json& change) {
  const double estimate = number(change, "/estimate"), low = number(change, "/low"),
               high = number(change, "/high");
  page.out.open("td", {{"class", "n"}});
  page.out.element("span", page.voice.signed_percent(estimate),
                   {{"class", high < 0  ? "better"
                              : low > 0 ? "worse"
                                        : "even"}});
  if (std::isfinite(low) && std::isfinite(high))
    page.out.element(
        "small", page.voice(kInterval, {page.voice.signed_percent(low), page.voice.signed_percent(high)}));
  page.out.close();
}

}  // namespace hone::report
