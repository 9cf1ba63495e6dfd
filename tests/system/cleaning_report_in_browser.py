"""What an inspector and a signer see, in Chromium: the cleaning report, the page of one document, the page for the check by hand.
A small corpus with a hostile document is cleaned; where the shared corpora are there, they are, too. With HONE_PICTURES=folder the
screenshots are kept there to be looked at."""

import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import _chromium  # noqa: E402
from report_in_browser import CONTRAST, STRUCTURE  # noqa: E402

HONE = pathlib.Path(os.environ["HONE_BIN"]) / "hone"
SHARED = pathlib.Path(os.environ["HONE_SOURCE"]).parent / "shared" / "corpora"
EVIL = '</title><script>document.title="owned"</script><img src=x onerror=alert(1)>'

problems = []


def check(right, page, what):
    if not right:
        problems.append(f"{page}: {what}")


def hone(*arguments, place, okay=(0,), text=None):
    done = subprocess.run([HONE, *map(str, arguments)], cwd=place, input=text, capture_output=True, text=True, timeout=600)
    if done.returncode not in okay:
        raise SystemExit(f"hone {' '.join(map(str, arguments))} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done


def small_corpus(place):
    """Thirty documents in two languages; one hostile, some alike, one broken, some with a telephone number or an odd line end."""
    docs = place / "docs"
    docs.mkdir()
    english = "The committee met in room {0} and agreed on the plan for section {0}. Work begins when part {1} has been checked twice. "
    korean = "위원회는 {0}호실에서 모여 {0}장의 계획에 합의했다. {1}번째 부분을 두 번 확인한 다음 일을 시작한다. "
    for i in range(28):
        body = "".join((english if i % 2 else korean).format(100 + 7 * i + j, i * j + 3) for j in range(6))
        extra = "\nCall 010-1234-5678 or write to a.person@example.org.\r\n" if i % 5 == 0 else ""
        (docs / f"{i:02}.md").write_text(f"# Part {i}\n\n{body}{extra}   \nThis page \u200bends here.\n", encoding="utf-8", newline="")
    (docs / "28.md").write_text((docs / "03.md").read_text(encoding="utf-8"), encoding="utf-8")
    (docs / "evil.md").write_text(f"# {EVIL}\n\n" + "".join(english.format(i, EVIL) for i in range(9)) + "\u200b \n", encoding="utf-8")
    (docs / "picture.md").write_bytes(bytes(range(256)) * 40)


def recipe(place, name, sources, language, rules):
    (place / f"{name}.yaml").write_text(
        f"name: {name}\ncorpus:\n  sources:\n" + "".join(f"    - {json.dumps(source)}\n" for source in sources) +
        f"  rules: [{', '.join(rules)}]\nmodel:\n  shape: {{hidden_size: 64, num_hidden_layers: 2, num_attention_heads: 2}}\n"
        f"tokenizer: {{train: {{vocab_size: 600}}}}\nreport: {{language: {language}}}\n", encoding="utf-8")
    return f"{name}.yaml"


def run_of(place, name):
    return next(path.parent for path in (place / "runs" / name).glob("*/corpus"))


def look_at(browser, path, language, pictures, scripts=0, charts=0):
    page = f"{path.parent.parent.parent.name}.{path.name}"
    browser.look()
    browser.open(path)
    check(browser.complaints == [], page, f"the console says {browser.complaints}")
    check(browser.requests == ["file://" + str(path)], page, f"asks for {browser.requests[1:]}")
    found = browser.ask(STRUCTURE)
    check(found["h1"] == 1 and found["jumps"] == 0, page, f"{found['h1']} h1, {found['jumps']} heading levels left out")
    check(found["lang"] == language, page, f"lang is {found['lang']}")
    check(found["scripts"] == scripts and found["handlers"] == 0, page, "hostile text became an element or a handler")
    check("owned" not in found["title"] or "<script>" in found["title"], page, "a script ran")
    check(found["double_ids"] == 0 and found["dead_links"] == 0, page, "ids twice, or links to nowhere")
    check(found["captions"] == 0 and found["headless_cells"] == 0, page, "a table without caption or row headings")
    check(len(found["charts"]) == charts, page, f"{len(found['charts'])} charts")
    for chart in found["charts"]:
        check(chart["role"] == "img" and chart["named"] and chart["table"] and chart["drawn"], page, "a chart without name, table or content")
    browser.ask("document.querySelectorAll('details').forEach(d => { d.open = true })")
    for scheme in ("light", "dark"):
        browser.look(scheme)
        worst = browser.ask(CONTRAST)
        check(worst["ratio"] >= 4.5, page, f"contrast {worst['ratio']:.2f} in {scheme}: {worst.get('text')!r}")
        if pictures:
            (pictures / f"{page}.{scheme}.png").write_bytes(base64.b64decode(browser.picture()))
    browser.look(width=390, height=844)
    wide = browser.ask("document.documentElement.scrollWidth")
    check(wide <= 390, page, f"{wide} px wide on a phone of 390")
    browser.look(media="print", width=680)
    worst = browser.ask(CONTRAST)
    check(worst["ratio"] >= 4.5, page, f"contrast {worst['ratio']:.2f} on paper: {worst.get('text')!r}")
    browser.look(media="")


def press(browser, key):
    browser.call("Input.dispatchKeyEvent", type="keyDown", key=key, text=key if len(key) == 1 else "")
    browser.call("Input.dispatchKeyEvent", type="keyUp", key=key)


def check_by_hand(browser, place, run, pictures):
    """The whole way: page, keys, saved file, hone review --findings, and the bound in the report."""
    hone("review", run, "--sample", "12", "--seed", "5", "--html", "check.html", place=place)
    page = run / "cleaning" / "check.html"  # beside the others, so that pictures are named alike
    page.write_bytes((place / "check.html").read_bytes())
    look_at(browser, page, "ko", pictures, scripts=1)
    check(browser.ask("document.querySelectorAll('article:not([hidden])').length") == 1, "check.html", "more than one document is shown")
    downloads = place / "downloads"
    downloads.mkdir()
    browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(downloads))
    browser.open(page)
    browser.ask("localStorage.clear()")
    browser.open(page)
    press(browser, "p")
    pressed = browser.ask("document.getElementById('personal_data').getAttribute('aria-pressed')")
    check(pressed == "true", "check.html", "p does not mark personal data")
    press(browser, "ArrowRight")
    for _ in range(10):
        press(browser, "o")
    browser.open(page)  # a closed window loses nothing
    at = browser.ask("document.getElementById('progress').textContent")
    check("11" in at and "12" in at, "check.html", f"does not remember: {at!r}")
    press(browser, "o")
    check(browser.ask("!document.getElementById('done').hidden"), "check.html", "does not say that all is answered")
    press(browser, "w")
    for _ in range(100):
        saved = [path for path in downloads.glob("findings-*.json") if not path.name.endswith(".crdownload")]
        if saved and saved[0].stat().st_size:
            break
        time.sleep(0.1)
    check(browser.complaints == [], "check.html", f"the console says {browser.complaints}")
    if not saved:
        check(False, "check.html", "saves no findings")
        return
    told = hone("review", run, "--findings", saved[0], "--by", "Lee <b>", place=place).stdout
    check("in 1 of 12" in told and "33.87 %" in told, "hone review", f"says {told}")
    look_at(browser, run / "cleaning" / "cleaning.html", "ko", None, charts=4)
    text = browser.ask("document.getElementById('review').innerText")
    check("Lee <b>" in text and "33.87%" in text, "cleaning.html", "does not show the bound")


def check_one_document(browser, place, run, pictures):
    for name in ("evil.md", "28.md", "00.md"):
        page = run / "cleaning" / f"{name}.html"
        hone("explain", run, name, "--html", page, place=place)
        look_at(browser, page, "ko", pictures)
    browser.ask("document.getElementById('look-two').click()")
    shown = browser.ask("[getComputedStyle(document.querySelector('.one')).display, getComputedStyle(document.querySelector('.two')).display]")
    check(shown == ["none", "block"], "00.md.html", f"side by side shows {shown}")


def main():
    if _chromium.program() is None:
        print("skipped: chromium is not installed")
        return 77
    pictures = pathlib.Path(os.environ["HONE_PICTURES"]) if "HONE_PICTURES" in os.environ else None
    rules = ["normalise", "exact_duplicates", "quality", "near_duplicates"]
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        small_corpus(place)
        made = [("small", [{"path": "docs", "name": "docs <i>", "owner": EVIL}], "ko", rules)]
        if SHARED.exists():
            made += [("labelled", [{"path": str(SHARED / "labelled" / "documents.jsonl.gz"), "licence": "CC-BY-4.0"}], "en", rules),
                     ("docs", [{"path": str(SHARED / "k8s-docs" / "en"), "licence": "CC-BY-4.0", "access": "public"}], "en", rules)]
        else:
            print("without the shared corpora: only the small corpus is looked at")
        browser = _chromium.Chromium()
        try:
            for name, sources, language, listed in made:
                hone("clean", recipe(place, name, sources, language, listed), place=place)
                look_at(browser, run_of(place, name) / "cleaning" / "cleaning.html", language, pictures, charts=4)
            check_one_document(browser, place, run_of(place, "small"), pictures)
            check_by_hand(browser, place, run_of(place, "small"), pictures)
        finally:
            browser.close()
    print("\n".join(problems) or "all pages looked at")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
