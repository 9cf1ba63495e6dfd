#include <algorithm>

#include "report/diff_view.h"
#include "report/names.h"
#include "report/rule_words.h"

namespace hone::report {

namespace {

constexpr Text kCaption{"Every line that a rule changed, with the lines around", "규칙이 고친 줄과 그 앞뒤"};
constexpr Text kLine{"Line", "줄"};
constexpr Text kNow{"Removed and inserted", "지운 것과 넣은 것"};
constexpr Text kBefore{"As read", "읽은 그대로"};
constexpr Text kAfter{"As it is now", "지금"};
constexpr Text kFolded{"{0} unchanged lines", "바뀌지 않은 {0}줄"};
constexpr Text kWhy{"{0}: {1}", "{0}: {1}"};

constexpr size_t kContext = 2;  // unchanged rows shown on either side of a change
constexpr size_t kMostRows = 4000;

enum class Side { both, before, after };

void write(Html& out, const DiffRow& row, Side side, const Voice& voice) {
  for (const Stretch& stretch : row.stretches) {
    if (!stretch.changed) {
      out.text(stretch.text);
      continue;
    }
    const std::string why = voice(kWhy, {rule_name(stretch.rule, voice), kind_name(stretch.kind, voice)});
    if (side != Side::after && !stretch.removed.empty())
      out.element("del", stretch.removed, {{"title", why}, {"class", stretch.kept_back ? "veiled" : "seen"}});
    if (side != Side::before && !stretch.text.empty()) out.element("ins", stretch.text, {{"title", why}});
  }
}

void write_row(Html& out, const DiffRow& row, size_t number, DiffLook look, const Voice& voice) {
  out.open("tr", {{"class", row.changed ? "changed" : "same"}});
  out.element("th", std::to_string(number), {{"scope", "row"}, {"class", "n"}});
  const auto cell = [&](Side side) {
    out.open("td");
    write(out, row, side, voice);
    out.close();
  };
  if (look == DiffLook::together) {
    cell(Side::both);
  } else {
    cell(Side::before);
    cell(Side::after);
  }
  out.close();
}

/// Which rows are near enough to a change to be shown.
std::vector<bool> near_changes(const std::vector<DiffRow>& rows) {
  std::vector<bool> near(rows.size(), false);
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].changed) continue;
    const size_t end = std::min(rows.size(), i + kContext + 1);
    for (size_t j = i > kContext ? i - kContext : 0; j < end; ++j) near[j] = true;
  }
  for (size_t i = 1; i + 1 < rows.size(); ++i)  // nothing is gained by folding one row away
    if (near[i - 1] && near[i + 1]) near[i] = true;
  return near;
}

}  // namespace

void diff_table(Html& out, const std::vector<DiffRow>& rows, DiffLook look, const Voice& voice) {
  const std::vector<bool> near = near_changes(rows);
  out.open("div", {{"class", "scroll"}}).open("table", {{"class", look == DiffLook::together ? "diff together" : "diff side"}});
  out.element("caption", voice(kCaption)).open("thead").open("tr").element("th", voice(kLine), {{"scope", "col"}, {"class", "n"}});
  if (look == DiffLook::together) out.element("th", voice(kNow), {{"scope", "col"}});
  else out.element("th", voice(kBefore), {{"scope", "col"}}).element("th", voice(kAfter), {{"scope", "col"}});
  out.close().close().open("tbody");
  size_t written = 0;
  for (size_t i = 0; i < rows.size() && written < kMostRows;) {
    if (near[i]) {
      write_row(out, rows[i], i + 1, look, voice);
      ++written;
      ++i;
      continue;
    }
    size_t end = i;
    while (end < rows.size() && !near[end]) ++end;
    out.open("tr", {{"class", "folded"}}).element("th", "⋮", {{"scope", "row"}, {"class", "n"}});
    out.element("td", voice(kFolded, {voice.count(static_cast<double>(end - i))}), {{"colspan", look == DiffLook::together ? "1" : "2"}});
    out.close();
    i = end;
  }
  out.close().close().close();
}

void marked_text(Html& out, const std::vector<DiffRow>& rows) {
  out.open("div", {{"class", "reading"}, {"dir", "auto"}, {"tabindex", "0"}});
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i > 0) out.text("\n");
    for (const Stretch& stretch : rows[i].stretches) {
      if (stretch.sensitive && !stretch.now.empty()) out.element("mark", stretch.now, {{"title", stretch.kind}});
      else out.text(stretch.now);
    }
  }
  out.close();
}

}  // namespace hone::report
