#include "report/style.h"

namespace hone::report {

std::string_view style_sheet() {
  return R"css(
:root {
  color-scheme: light dark;
  --paper: #ffffff; --panel: #f5f6f8; --line: #dfe2e7; --ink: #191c21; --soft: #59606b;
  --accent: #0a58a6; --good: #0f6b3d; --good-paper: #eaf6ef; --bad: #a8231c; --bad-paper: #fcefee;
  --wait: #7d5200; --wait-paper: #fdf5e4;
  --base: #9aa1ac; --tuned: #1767b5; --ngram: #c48a1d; --drop: #c9605a; --edit: #6aa5dc;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #121418; --panel: #1b1e24; --line: #30353d; --ink: #e9ebee; --soft: #a6adb8;
    --accent: #85bdf5; --good: #74d3a0; --good-paper: #14271d; --bad: #ff968d; --bad-paper: #2d1817;
    --wait: #f0bd62; --wait-paper: #2a2113;
    --base: #7a828e; --tuned: #5aa4ea; --ngram: #d9a748; --drop: #d9756f; --edit: #3f78ad;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans KR", "Noto Sans CJK KR",
    "Apple SD Gothic Neo", "Malgun Gothic", NanumBarunGothic, NanumGothic, sans-serif;
  font-kerning: normal; overflow-wrap: break-word;
}
:lang(ko) { word-break: keep-all; line-height: 1.7; }
main, header, footer { max-width: 64rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 3.5rem; }
a { color: var(--accent); text-underline-offset: 0.15em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1.5rem; top: 1rem; }
.eyebrow { margin: 0; color: var(--soft); font-size: 0.9rem; }
h1 { margin: 0.1rem 0 0; font-size: 2.4rem; line-height: 1.2; letter-spacing: -0.02em; font-weight: 650; overflow-wrap: anywhere; }
h2 { margin: 0 0 0.4rem; font-size: 1.4rem; line-height: 1.3; letter-spacing: -0.01em; font-weight: 650; }
h3 { margin: 2rem 0 0.4rem; font-size: 1.05rem; line-height: 1.4; font-weight: 650; }
p { margin: 0.5rem 0; max-width: 44rem; }
.soft, caption, figcaption { color: var(--soft); }
small, .small { font-size: 0.875rem; }
section { margin: 4rem 0 0; }
nav { margin: 1.6rem 0 0; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.3rem 1.3rem; margin: 0; padding: 0; list-style: none; font-size: 0.93rem; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }

.verdict { margin: 2rem 0 0; padding: 1.6rem 1.8rem 1.7rem; border-radius: 0.8rem; border-left: 0.4rem solid var(--tone); background: var(--tone-paper); }
.verdict.promote { --tone: var(--good); --tone-paper: var(--good-paper); }
.verdict.reject { --tone: var(--bad); --tone-paper: var(--bad-paper); }
.verdict.inconclusive { --tone: var(--wait); --tone-paper: var(--wait-paper); }
.verdict .word { margin: 0; color: var(--tone); font-size: 0.82rem; font-weight: 700; letter-spacing: 0.09em; }
.verdict h2 { margin: 0.2rem 0 0.5rem; font-size: 1.6rem; }
.verdict p { max-width: 46rem; }
.facts { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1px; margin: 1.4rem 0 0; padding: 0;
  border: 1px solid var(--line); border-radius: 0.8rem; overflow: hidden; background: var(--line); }
.facts div { padding: 1rem 1.2rem; background: var(--paper); }
.facts dt { color: var(--soft); font-size: 0.875rem; }
.facts dd { margin: 0.15rem 0 0; font-size: 1.55rem; line-height: 1.25; font-weight: 600; letter-spacing: -0.01em; font-variant-numeric: tabular-nums; }
.facts dd small { display: block; margin-top: 0.2rem; color: var(--soft); font-size: 0.83rem; line-height: 1.4; font-weight: 400; letter-spacing: 0; }
.note { margin: 1.2rem 0; padding: 0.9rem 1.2rem; border-left: 0.2rem solid var(--wait); border-radius: 0 0.5rem 0.5rem 0; background: var(--wait-paper); }
.note p { margin: 0.2rem 0; }

.narrow table { width: auto; min-width: 26rem; } .narrow th, .narrow td { padding-right: 2.5rem; }
.scroll { overflow-x: auto; margin: 1rem 0; }
table { width: 100%; border-collapse: collapse; font-size: 0.93rem; line-height: 1.45; font-variant-numeric: tabular-nums; }
caption { padding: 0 0 0.5rem; text-align: left; font-size: 0.875rem; }
th, td { padding: 0.5rem 0.9rem 0.5rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-size: 0.83rem; font-weight: 500; vertical-align: bottom; }
tbody th { font-weight: 500; overflow-wrap: anywhere; }
tbody th small { font-weight: 400; }
th.n, td.n { text-align: right; white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
tr.total > * { border-top: 2px solid var(--line); font-weight: 600; }
th small, td small { display: block; color: var(--soft); }
td .reason { display: block; max-width: 30rem; }
.pill { display: inline-block; padding: 0.05rem 0.6rem; border-radius: 1rem; font-size: 0.83rem; font-weight: 600; white-space: nowrap; border: 1px solid currentColor; }
.pill.pass { color: var(--good); } .pill.fail { color: var(--bad); } .pill.undecided { color: var(--wait); }
.dot { display: inline-block; width: 0.7em; height: 0.7em; margin-right: 0.45em; border-radius: 0.15em; background: var(--c); }
.better { color: var(--good); } .worse { color: var(--bad); }

figure { margin: 1.6rem 0 0; }
.beside { display: grid; grid-template-columns: minmax(0, 3fr) minmax(17rem, 2fr); gap: 1rem 2.5rem; align-items: start; }
.beside .scroll { margin-top: 0; }
svg { display: block; width: 100%; max-width: 44rem; height: auto; }
svg text { fill: var(--ink); font-size: 12px; font-family: inherit; font-variant-numeric: tabular-nums; }
svg .tick, svg .legend { fill: var(--soft); }
svg .end { text-anchor: end; } svg .middle { text-anchor: middle; }
svg .grid { stroke: var(--line); stroke-width: 1; } svg .axis { stroke: var(--soft); stroke-width: 1; }
svg .line { fill: none; stroke: var(--c); stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
svg .series-train { stroke-width: 1.2; }
svg .mark { fill: var(--paper); stroke: var(--c); stroke-width: 2; }
svg .bar { fill: var(--c); } svg .whisker { stroke: var(--ink); stroke-width: 1.4; }
.series-base, .series-train { --c: var(--base); } .series-tuned, .series-validation, .series-kept { --c: var(--tuned); }
.series-ngram { --c: var(--ngram); } .series-drop { --c: var(--drop); } .series-edit { --c: var(--edit); } .series-read { --c: var(--base); }

.sample { margin: 1.6rem 0 0; padding: 1.3rem 1.4rem 1.4rem; border: 1px solid var(--line); border-radius: 0.8rem; }
.sample h3 { margin: 0; font-size: 0.93rem; overflow-wrap: anywhere; }
.sample h4 { margin: 0 0 0.3rem; color: var(--soft); font-size: 0.83rem; font-weight: 600; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 1.2rem 1.6rem; margin-top: 1rem; }
.quote { margin: 0; max-width: none; font-size: 0.93rem; line-height: 1.6; white-space: pre-wrap; overflow-wrap: anywhere; word-break: normal; }
.prompt { margin-top: 0.9rem; padding: 0.8rem 1rem; border-radius: 0.5rem; background: var(--panel); }

dl.terms { margin: 1rem 0; }
dl.terms dt { margin-top: 0.8rem; font-weight: 600; }
dl.terms dd { margin: 0.1rem 0 0; max-width: 44rem; color: var(--soft); }
ul.plain { max-width: 44rem; margin: 0.6rem 0; padding-left: 1.2rem; }
ul.plain li { margin: 0.35rem 0; }
code, pre { font: 0.83rem/1.55 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", NanumGothicCoding, monospace; }
code { overflow-wrap: anywhere; }
pre { margin: 0.6rem 0; padding: 1rem 1.2rem; overflow-x: auto; border-radius: 0.5rem; background: var(--panel); white-space: pre-wrap; overflow-wrap: anywhere; }
details { margin: 1rem 0; } summary { cursor: pointer; color: var(--accent); }
.sign { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 1.2rem 2rem; margin: 1.2rem 0 0; padding: 0; }
.sign div { padding-top: 2.6rem; border-bottom: 1px solid var(--soft); }
.sign dt { color: var(--soft); font-size: 0.875rem; } .sign dd { margin: 0; min-height: 1.6rem; }
footer { margin-top: 4rem; padding-top: 1.2rem; padding-bottom: 3rem; color: var(--soft); font-size: 0.875rem; }

@media (max-width: 52rem) {
  header { padding-top: 2rem; } h1 { font-size: 1.8rem; }
  .beside { grid-template-columns: minmax(0, 1fr); }
  section { margin-top: 3rem; } .verdict { padding: 1.2rem; } .facts { grid-template-columns: repeat(2, 1fr); }
  tbody th { min-width: 8.5rem; } td .reason { min-width: 14rem; }
}
@media (max-width: 30rem) { .facts { grid-template-columns: 1fr; } }
@page { size: A4; margin: 16mm 15mm; }
@media print {
  :root { --paper: #fff; --panel: #f5f6f8; --line: #cfd3d9; --ink: #000; --soft: #444a53; --accent: #0a58a6; --good: #0f6b3d; --good-paper: #eaf6ef;
    --bad: #a8231c; --bad-paper: #fcefee; --wait: #7d5200; --wait-paper: #fdf5e4; --base: #9aa1ac; --tuned: #1767b5; --ngram: #c48a1d; --drop: #c9605a; --edit: #6aa5dc; }
  html { font-size: 9.5pt; }
  body { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  .facts { grid-template-columns: repeat(4, 1fr); } .facts div { padding: 0.6rem 0.7rem; }
  header { padding-top: 0; } nav, .skip { display: none; }
  h1 { font-size: 20pt; } .facts dd { font-size: 1.3rem; } .sign div { padding-top: 1.6rem; }
  section { margin-top: 9mm; } h2, h3 { break-after: avoid; }
  .verdict, .facts, figure, .sample, .note, .sign, tr, svg { break-inside: avoid; }
  .beside { grid-template-columns: minmax(0, 1fr); } svg { max-width: 130mm; }
  .scroll { overflow: visible; } tbody th { min-width: 0; } td .reason { min-width: 0; } a { color: inherit; text-decoration: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
)css";
}

}  // namespace hone::report
