#include "report/frame.h"

#include "base/hash.h"
#include "report/style.h"

namespace hone::report {

namespace {

constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int nibble(char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; }

std::string base64_of_hex(const std::string& hex) {
  std::string bytes, result;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) bytes += static_cast<char>(nibble(hex[i]) * 16 + nibble(hex[i + 1]));
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j) group = group << 8 | (i + j < bytes.size() ? static_cast<uint8_t>(bytes[i + j]) : 0);
    for (size_t j = 0; j < 4; ++j) result += i + j <= bytes.size() ? kBase64[group >> (18 - 6 * j) & 63] : '=';
  }
  return result;
}

}  // namespace

std::string script_source(std::string_view script) { return "'sha256-" + base64_of_hex(base::sha256(script)) + "'"; }

void open_frame(Html& out, const Voice& voice, const Frame& frame) {
  out.open("html", {{"lang", voice.code()}}).open("head").empty("meta", {{"charset", "utf-8"}});
  const std::string scripts = frame.script.empty() ? "" : "script-src " + script_source(frame.script) + "; ";
  out.empty("meta", {{"http-equiv", "Content-Security-Policy"},
                     {"content", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; " + scripts + "base-uri 'none'; form-action 'none'"}});
  out.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  out.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  out.element("title", frame.title);
  out.style(std::string(style_sheet()) + std::string(frame.style)).close();
  out.open("body").element("a", frame.skip, {{"class", "skip"}, {"href", "#main"}});
  out.open("header").element("p", frame.eyebrow, {{"class", "eyebrow"}}).element("h1", frame.heading).close();
  out.open("main", {{"id", "main"}});
}

std::string close_frame(Html& out, const Frame& frame, const std::string& footer) {
  out.close().open("footer").element("p", footer).close();
  if (!frame.script.empty()) out.script(frame.script);
  out.close().close();
  return "<!doctype html>" + out.take();
}

std::string_view text_style_sheet() {
  return R"css(
:root { --del: #fbe3e1; --del-ink: #8f1d16; --ins: #ddf3e4; --ins-ink: #0b5a32; --mark: #fff0c2; --mark-ink: #5c4300; }
@media (prefers-color-scheme: dark) {
  :root { --del: #472120; --del-ink: #ffb4ad; --ins: #17402a; --ins-ink: #9be8bd; --mark: #4a3a0c; --mark-ink: #ffdf8c; }
}
@media print { :root { --del: #fbe3e1; --del-ink: #8f1d16; --ins: #ddf3e4; --ins-ink: #0b5a32; --mark: #fff0c2; --mark-ink: #5c4300; } }
del { padding: 0 0.1em; border-radius: 0.2em; background: var(--del); color: var(--del-ink); text-decoration: line-through; }
del.veiled { font-style: italic; text-decoration: none; border: 1px dashed currentColor; }
ins { padding: 0 0.1em; border-radius: 0.2em; background: var(--ins); color: var(--ins-ink); text-decoration: underline; text-underline-offset: 0.15em; }
mark { padding: 0 0.2em; border-radius: 0.2em; background: var(--mark); color: var(--mark-ink); }
.diff td, .reading { white-space: pre-wrap; overflow-wrap: anywhere; word-break: normal; line-height: 1.6; }
.diff th[scope=row] { color: var(--soft); font-weight: 400; width: 3.5rem; }
.diff.side td { width: 50%; }
.diff .same td { color: var(--soft); }
.diff .folded td, .diff .folded th { color: var(--soft); background: var(--panel); font-size: 0.83rem; }
ol.story { margin: 1.4rem 0; padding: 0; list-style: none; border-left: 2px solid var(--line); }
ol.story > li { position: relative; margin: 0 0 1.1rem; padding: 0 0 0 1.4rem; }
ol.story > li::before { content: ""; position: absolute; left: -0.45rem; top: 0.5rem; width: 0.75rem; height: 0.75rem; border-radius: 50%;
  background: var(--paper); border: 2px solid var(--soft); }
ol.story > .edited::before { background: var(--edit); border-color: var(--edit); }
ol.story > .flagged::before { background: var(--wait); border-color: var(--wait); }
ol.story > .dropped::before { background: var(--bad); border-color: var(--bad); }
ol.story > .placed::before { background: var(--good); border-color: var(--good); }
ol.story h3 { margin: 0; font-size: 0.93rem; } ol.story p { margin: 0.1rem 0; } ol.story p.soft { font-size: 0.875rem; overflow-wrap: anywhere; }
.choice { display: flex; flex-wrap: wrap; gap: 0.4rem 1.4rem; margin: 0.8rem 0; padding: 0; border: 0; font-size: 0.93rem; }
.looks > input { margin: 0 0.4rem 0 0; } .looks > label { margin-right: 1.4rem; font-size: 0.93rem; cursor: pointer; }
.looks > .two { display: none; } #look-two:checked ~ .one { display: none; } #look-two:checked ~ .two { display: block; }
@media print { .looks > input, .looks > label { display: none; } }
)css";
}

}  // namespace hone::report
