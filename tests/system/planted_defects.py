#!/usr/bin/env python3
"""How well the default rules find what _planted.py hides in the manual's texts, class by class, with the goals of the labelled set.

usage: planted_defects.py [--show N] [--seed N] [--keep FOLDER]
"""

import argparse
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unicodedata

import _planted

SOURCE = pathlib.Path(os.environ.get("HONE_SOURCE", _planted.SOURCE))
HONE = pathlib.Path(os.environ.get("HONE_BIN", SOURCE / "build/release/bin")) / "hone"

# class: least precision, least recall; None where only one of the two has a meaning.
GOALS = {
    "pii": (0.98, 0.98), "secret": (0.95, 0.95), "injection": (0.90, 0.80), "language": (0.98, 0.97), "gibberish": (0.95, 0.90), "ocr": (None, 0.90),
    "too_short": (None, 0.90), "repetitive": (None, 0.90), "hidden": (0.99, 0.99), "mojibake": (0.98, 0.95), "page_furniture": (0.98, 0.95),
    "boilerplate": (0.92, 0.92), "exact": (1, 1), "near": (0.95, 0.90), "leak_verbatim": (None, 0.99), "leak_respaced": (None, 0.95), "leak_one_word": (None, 0.80),
    "untouched": (None, 0.998), "twin": (None, 0.99),
}
FAMILY_OF = {"pii": "pii", "secret": "secret", "hidden": "hidden", "page_furniture": "boilerplate", "boilerplate": "boilerplate"}
DROPPED_BY = {"language": "language", "gibberish": "quality", "ocr": "quality", "too_short": "quality", "repetitive": "quality"}


def lines_of(file):
    done = subprocess.run(["zstd", "-dcq", file], capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.decode("utf-8").split("\n") if line]


def clean(folder):
    recipe = folder / "planted.yaml"
    recipe.write_text(f"name: planted\ncorpus:\n  sources:\n    - {{path: {folder}/documents.jsonl, licence: made-up}}\n  languages: [en, ko]\n"
                      f"  decontamination: {{files: [{folder}/items.jsonl]}}\n  near_duplicates: {{max_removed_share: 1}}\n", encoding="utf-8")
    done = subprocess.run([HONE, "clean", recipe, "--runs", folder / "runs"], capture_output=True, text=True, check=False,
                          env={**os.environ, "HONE_KEY": "00" * 32})
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    corpus = pathlib.Path(done.stdout.strip().splitlines()[-1])
    ledger = collections.defaultdict(list)
    for line in lines_of(corpus / "ledger.jsonl.zst"):
        ledger[line["id"]].append(line)
    return ledger, {line["id"]: line["text"] for line in lines_of(corpus / "documents.jsonl.zst")}


class Score:
    def __init__(self):
        self.right, self.wrong, self.missed = collections.Counter(), collections.Counter(), collections.Counter()
        self.notes = collections.defaultdict(list)

    def miss(self, name, note, weight=1):
        self.missed[name] += weight
        self.notes[name].append("missed: " + note)

    def false(self, name, note, weight=1):
        self.wrong[name] += weight
        self.notes[name].append("false:  " + note)


def family_spans(lines, family):
    return [(s["start"], s["end"]) for line in lines if line.get("family") == family for s in line.get("spans", [])]


def covered(span, others):
    return sum(max(0, min(span[1], e) - max(span[0], s)) for s, e in others) / max(1, span[1] - span[0])


def score_spans(score, truth, lines, text, kind):
    """A planted span counts as found when 99 % of it is covered; a reported one as right when half of it is planted."""
    reported = family_spans(lines, FAMILY_OF[kind])
    planted = [(s, e) for s, e, _ in truth["spans"]]
    hidden = family_spans(lines, "hidden")
    for s, e, what in truth["spans"]:
        if covered((s, e), reported + hidden) >= 0.99 or lines[-1]["action"] == "drop":
            score.right[kind] += 1
        else:
            score.miss(kind, f"{truth['id']} {what} …{text[max(0, s - 25):s]}⟦{text[s:e]}⟧{text[e:e + 15]}…".replace("\n", "⏎"))
    for s, e in reported:
        overlap = sum(max(0, min(e, pe) - max(s, ps)) for ps, pe in planted)
        union = max([max(e, pe) - min(s, ps) for ps, pe in planted if pe > s and ps < e], default=e - s)
        if kind in ("boilerplate", "page_furniture"):
            if overlap < 0.5 * len(text[s:e].strip() or "x") and text[s:e].strip():
                score.false(kind, f"{truth['id']} ⟦{text[s:e][:120]}⟧".replace("\n", "⏎"))
        elif overlap / union < 0.5 and text[s:e].strip():
            score.false(kind, f"{truth['id']} …{text[max(0, s - 20):s]}⟦{text[s:e]}⟧{text[e:e + 10]}…".replace("\n", "⏎"))


def squeezed(text):
    return "".join(unicodedata.normalize("NFC", text).split())


def judge(truths, documents, ledger, out):
    score = Score()
    groups = collections.defaultdict(list)
    for number, truth in truths.items():
        kind, lines, text = truth["class"], ledger[number], documents[number]["text"]
        dropped = number not in out
        families = {line.get("family") for line in lines if line["action"] in ("edit", "drop") and (line["action"] == "drop" or line.get("spans"))}
        flagged = any(line.get("family") == "injection" and (line.get("spans") or line["action"] != "keep") for line in lines)
        if kind in FAMILY_OF:
            score_spans(score, truth, lines, text, kind)
        elif kind in DROPPED_BY:
            if dropped:
                score.right[kind] += 1
            else:
                score.miss(kind, f"{number} {text[:90]!r}")
        elif kind == "mojibake":
            if dropped or squeezed(out[number]) == squeezed(truth["original"]):
                score.right[kind] += 1
            else:
                score.miss(kind, f"{number} {text[:60]!r} -> {out[number][:60]!r}")
        elif kind == "injection":
            if flagged or dropped:
                score.right[kind] += 1
            else:
                s, e, _ = truth["spans"][0]
                score.miss(kind, f"{number} {text[s:e]}")
        elif kind.startswith("leak_"):
            if "eval" in families:
                score.right[kind] += 1
            else:
                score.miss(kind, f"{number} {text[:80]!r}")
        elif kind in ("exact", "near"):
            groups[kind, truth["group"]].append(number)
        else:
            name = "twin" if kind == "twin" else "untouched"
            if not dropped and squeezed(out[number]) == squeezed(text) and not (kind == "injection_talk" and flagged):
                score.right[name] += 1
            else:
                s, e = truth["spans"][0][:2] if truth["spans"] else (0, 80)
                score.miss(name, f"{number} {kind} {'dropped' if dropped else 'changed'} by {[(l['rule'], l.get('reason'), l['spans'][0] if l.get('spans') else None) for l in lines if l['action'] != 'keep' or l.get('family') == 'injection'][:3]} {text[s:e]!r}")
            if kind == "injection_talk" and flagged:
                score.false("injection", f"{number} {text[truth['spans'][0][0]:truth['spans'][0][1]]}")
        if kind not in DROPPED_BY and dropped and kind not in ("exact", "near", "twin", "mojibake", "injection"):
            by = lines[-1]["rule"]
            name = {"language": "language", "quality": "gibberish", "near_duplicates": "near", "exact_duplicates": "exact"}.get(by)
            if name:
                score.false(name, f"{number} {kind} {lines[-1].get('reason')} {text[:80]!r}")
        for family, name in (("pii", "pii"), ("secret", "secret"), ("encoding", "mojibake"), ("hidden", "hidden"), ("boilerplate", "boilerplate")):
            if kind not in (name, "page_furniture", "gibberish", "ocr", "repetitive") and family in families and not (family == "hidden" and kind in ("pii",)):
                spans = family_spans(lines, family)
                if any(text[s:e].strip() for s, e in spans):
                    score.false(name, f"{number} {kind} " + ", ".join(text[max(0, s - 15):e + 5] for s, e in spans[:3]).replace("\n", "⏎"))
    for (kind, _), members in groups.items():
        left = sum(m in out for m in members)
        score.right[kind] += left == 1
        if left == 2:
            score.miss(kind, " ".join(members))
        if left == 0:
            score.false(kind, " ".join(members))
    return score


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(options.keep or temporary)
        folder.mkdir(exist_ok=True, parents=True)
        truths, documents = _planted.Maker(options.seed).make(folder)
        score = judge(truths, documents, *clean(folder))
    bad = []
    for name, (precision_goal, recall_goal) in GOALS.items():
        right, wrong, missed = score.right[name], score.wrong[name], score.missed[name]
        precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
        fails = (precision_goal is not None and precision < precision_goal) or recall < recall_goal
        print(f"{name:16} precision {precision:.3f}  recall {recall:.3f}  ({right} right, {wrong} false, {missed} missed){'  BELOW ITS GOAL' if fails else ''}")
        if fails:
            bad.append(name)
        for note in score.notes[name][: options.show]:
            print("    " + note)
    if bad:
        sys.exit("below the goal: " + ", ".join(bad))


if __name__ == "__main__":
    main()
