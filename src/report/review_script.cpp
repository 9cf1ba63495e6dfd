#include "report/review_script.h"

namespace hone::report {

namespace {

constexpr std::string_view kScript = R"js(
"use strict";
(() => {
  const review = document.getElementById("review"), words = review.dataset;
  const articles = [...review.querySelectorAll("article")];
  const kinds = ["personal_data", "secret", "garbage"];
  const button = id => document.getElementById(id);
  const store = "hone-review-" + words.sample;
  const answers = new Map();
  let at = 0;

  const fill = (text, values) => values.reduce((result, value, i) => result.replace("{" + i + "}", value), text);
  const id = () => articles[at].dataset.id;

  function remember() {
    try { localStorage.setItem(store, JSON.stringify([...answers])); } catch (_) { /* private windows have none */ }
  }
  function recall() {
    try {
      const known = new Set(articles.map(article => article.dataset.id));
      for (const [name, found] of JSON.parse(localStorage.getItem(store) || "[]"))
        if (known.has(name) && Array.isArray(found)) answers.set(name, found.filter(kind => kinds.includes(kind)));
    } catch (_) { /* what cannot be read is asked again */ }
  }

  function show() {
    articles.forEach((article, i) => { article.hidden = i !== at; });
    const found = answers.get(id());
    kinds.forEach(kind => button(kind).setAttribute("aria-pressed", String(!!found && found.includes(kind))));
    button("progress").textContent = fill(words.progress, [at + 1, articles.length, answers.size]);
    const line = articles[at].querySelector(".answer");
    line.textContent = !found ? "" : fill(words.answered, [found.length ? found.map(kind => words[kind]).join(", ") : words.nothing]);
    button("done").hidden = answers.size < articles.length;
    button("back").disabled = at === 0;
    button("next").disabled = at + 1 === articles.length;
  }
  function go(to) {
    if (to < 0 || to >= articles.length) return;
    at = to;
    show();
    articles[at].focus({preventScroll: true});
    window.scrollTo(0, review.offsetTop);
  }
  function toggle(kind) {
    const found = answers.get(id()) || [];
    answers.set(id(), found.includes(kind) ? found.filter(other => other !== kind) : kinds.filter(k => k === kind || found.includes(k)));
    remember();
    show();
  }
  function fine() {
    answers.set(id(), []);
    remember();
    if (at + 1 < articles.length) go(at + 1); else show();
  }
  function save() {
    const file = JSON.parse(words.head);
    file.answers = articles.map(article => article.dataset.id).filter(name => answers.has(name))
      .map(name => ({id: name, found: answers.get(name)}));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(file, null, 2) + "\n"], {type: "application/json"}));
    link.download = "findings-" + words.sample + ".json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  kinds.forEach(kind => button(kind).addEventListener("click", () => toggle(kind)));
  const actions = {fine, save, back: () => go(at - 1), next: () => go(at + 1)};
  for (const [name, action] of Object.entries(actions)) button(name).addEventListener("click", action);
  const keys = {p: () => toggle(kinds[0]), s: () => toggle(kinds[1]), b: () => toggle(kinds[2]), o: fine, w: save,
    ArrowRight: actions.next, ArrowLeft: actions.back};
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });

  recall();
  at = Math.max(0, articles.findIndex(article => !answers.has(article.dataset.id)));
  button("controls").hidden = false;
  show();
})();
)js";

constexpr std::string_view kStyle = R"css(
[hidden] { display: none !important; }
.controls { position: sticky; top: 0; z-index: 1; margin: 1.4rem 0 0; padding: 0.7rem 0 0.8rem; background: var(--paper); border-bottom: 1px solid var(--line); }
.controls p { margin: 0 0 0.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.controls p.note { margin: 0.6rem 0 0; font-weight: 400; }
.buttons { display: flex; flex-wrap: wrap; gap: 0.5rem; }
button { padding: 0.4rem 0.8rem; border: 1px solid var(--soft); border-radius: 0.5rem; background: var(--panel); color: var(--ink); font: inherit; font-size: 0.93rem; cursor: pointer; }
button[aria-pressed=true] { background: var(--bad-paper); border-color: var(--bad); color: var(--bad); font-weight: 600; }
button#fine { background: var(--good-paper); border-color: var(--good); color: var(--good); }
button:disabled { visibility: hidden; }
kbd { margin-left: 0.3rem; padding: 0 0.35rem; border: 1px solid currentColor; border-radius: 0.3rem; font: 0.8rem ui-monospace, monospace; }
article.sample h2 { font-size: 1.05rem; overflow-wrap: anywhere; }
article.sample:focus { outline: none; }
.reading { margin: 0.8rem 0 0; }
.answer { min-height: 1.5rem; margin: 0.8rem 0 0; color: var(--soft); }
@media print { .controls { display: none; } article[hidden] { display: block !important; } }
)css";

}  // namespace

std::string_view review_script() { return kScript; }
std::string_view review_style_sheet() { return kStyle; }

}  // namespace hone::report
