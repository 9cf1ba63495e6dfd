"""The report as a reader meets it: opened in Chromium, light and dark, wide and narrow, on paper. With HONE_PICTURES=folder the
screenshots are kept there to be looked at."""

import base64
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import _chromium  # noqa: E402

PAGES = [(name, language) for name in ("good", "refused", "tiny", "hostile") for language in ("en", "ko")]

STRUCTURE = """(() => {
  const levels = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1]);
  const jumps = levels.filter((level, i) => level > (i ? levels[i - 1] : 0) + 1).length;
  const charts = [...document.querySelectorAll('svg')].map(svg => ({
    role: svg.getAttribute('role'),
    named: (svg.getAttribute('aria-labelledby') || '').split(' ').every(id => document.getElementById(id)?.textContent.trim()),
    table: !!svg.closest('figure')?.querySelector('table tbody tr'),
    drawn: svg.getBoundingClientRect().height > 30 && svg.querySelectorAll('rect,path').length > 0}));
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  return {h1: document.querySelectorAll('h1').length, jumps, charts, lang: document.documentElement.lang,
    title: document.title, scripts: document.querySelectorAll('script,iframe,object,embed,form,base').length,
    handlers: [...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).length,
    double_ids: ids.length - new Set(ids).size,
    dead_links: [...document.querySelectorAll('a[href^="#"]')].filter(a => !document.querySelector(a.getAttribute('href'))).length,
    headless_cells: [...document.querySelectorAll('tbody tr')].filter(r => !r.querySelector('th[scope=row]') && r.children.length > 2).length,
    captions: [...document.querySelectorAll('table')].filter(t => !t.caption?.textContent.trim()).length};
})()"""

# Least contrast of any text with the ground it stands on (WCAG 2.1); transparent grounds show what is behind them.
CONTRAST = """(() => {
  const parse = c => { const m = c.match(/[\\d.]+/g).map(Number); return {rgb: m.slice(0, 3), a: m.length > 3 ? m[3] : 1}; };
  const light = rgb => rgb.map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.a === 1) return c.rgb; }
    return [255, 255, 255]; };
  let worst = {ratio: 99};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), e = walker.currentNode.parentElement;
    if (!text || ['TITLE', 'DESC', 'title', 'desc'].includes(e.tagName) || !e.getClientRects().length) continue;
    const style = getComputedStyle(e), svg = e.closest('svg');
    const a = light(parse(svg ? style.fill : style.color).rgb), b = light(ground(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < worst.ratio) worst = {ratio, text: text.slice(0, 40)};
  }
  return worst;
})()"""

problems = []


def check(right, page, what):
    if not right:
        problems.append(f"{page}: {what}")


def check_structure(browser, path, name, language):
    browser.look()
    browser.open(path)
    page = path.name
    check(browser.complaints == [], page, f"the console says {browser.complaints}")
    check(browser.requests == ["file://" + str(path)], page, f"asks for {browser.requests[1:]}")
    found = browser.ask(STRUCTURE)
    check(found["h1"] == 1, page, f"{found['h1']} h1")
    check(found["jumps"] == 0, page, "a heading level is left out")
    check(found["lang"] == language, page, f"lang is {found['lang']}")
    check(found["scripts"] == 0 and found["handlers"] == 0, page, "hostile text became an element or a handler")
    check("owned" not in found["title"] or name == "hostile" and "<script>" in found["title"], page, "a script ran")
    check(found["double_ids"] == 0 and found["dead_links"] == 0, page, "ids twice, or links to nowhere")
    check(found["captions"] == 0 and found["headless_cells"] == 0, page, "a table without caption or row headings")
    check(len(found["charts"]) == 3, page, f"{len(found['charts'])} charts")
    for chart in found["charts"]:
        check(chart["role"] == "img" and chart["named"], page, "a chart without role, title or description")
        check(chart["table"], page, "a chart without a table beside it")
        check(chart["drawn"], page, "an empty chart")


def check_looks(browser, page, pictures):
    for scheme in ("light", "dark"):
        browser.look(scheme)
        worst = browser.ask(CONTRAST)
        check(worst["ratio"] >= 4.5, page, f"contrast {worst['ratio']:.2f} in {scheme}: {worst.get('text')!r}")
        if pictures:
            (pictures / f"{page}.{scheme}.png").write_bytes(base64.b64decode(browser.picture()))
    browser.look(width=390, height=844)
    wide = browser.ask("document.documentElement.scrollWidth")
    check(wide <= 390, page, f"{wide} px wide on a phone of 390")
    if pictures:
        (pictures / f"{page}.phone.png").write_bytes(base64.b64decode(browser.picture()))
    browser.look(media="print", width=680)
    worst = browser.ask(CONTRAST)
    check(worst["ratio"] >= 4.5, page, f"contrast {worst['ratio']:.2f} on paper: {worst.get('text')!r}")
    if pictures:
        (pictures / f"{page}.paper.png").write_bytes(base64.b64decode(browser.picture()))
    browser.look(media="", scheme="dark")
    pdf = base64.b64decode(browser.pdf())
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
    check(box and abs(float(box[1]) - 595) < 2 and abs(float(box[2]) - 842) < 2, page, "does not print on A4")
    sheets = len(re.findall(rb"/Type\s*/Page\b", pdf))
    check(3 <= sheets <= 16, page, f"{sheets} sheets of paper")


def main():
    if _chromium.program() is None:
        print("skipped: chromium is not installed")
        return 77
    made = pathlib.Path(os.environ.get("HONE_BIN", "")).parent / "tests" / "test_report"
    if not made.exists():
        print(f"skipped: {made} is not built")
        return 77
    pictures = pathlib.Path(os.environ["HONE_PICTURES"]) if "HONE_PICTURES" in os.environ else None
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([made, "--gtest_filter=Page.PagesForTheBrowser"], env=dict(os.environ, HONE_PAGES=folder), check=True,
                       stdout=subprocess.DEVNULL)
        browser = _chromium.Chromium()
        try:
            for name, language in PAGES:
                path = pathlib.Path(folder) / f"{name}.{language}.html"
                check_structure(browser, path, name, language)
                check_looks(browser, path.stem, pictures)
        finally:
            browser.close()
    print("\n".join(problems) or f"{len(PAGES)} pages opened")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
