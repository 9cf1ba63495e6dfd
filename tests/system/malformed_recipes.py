"""Every recipe in tests/fixtures/recipes/malformed is answered like a compiler would, and nothing is written.

A recipe says itself what it expects, in the comments it opens with:
    # expect: LINE:COLUMN part of the message      (or without a place, where YAML's parser chooses it)
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HONE = pathlib.Path(os.environ["HONE_BIN"]) / "hone"
MALFORMED = pathlib.Path(os.environ["HONE_SOURCE"]) / "tests/fixtures/recipes/malformed"
FEWEST = 40


def expectations(recipe):
    for line in recipe.read_text(encoding="utf-8").splitlines():
        found = re.match(r"# expect: (?:(\d+:\d+) )?(.+)", line)
        if not found:
            return
        yield found[1], found[2]


def listing(folder):
    return sorted(str(path) for path in folder.rglob("*"))


def failures_of(recipe, verb, folder):
    """What is wrong with the answer to one recipe, as sentences."""
    before = listing(MALFORMED)
    runs = folder / "runs"
    done = subprocess.run([HONE, verb, str(recipe)], cwd=folder, capture_output=True, text=True, timeout=60,
                          env={**os.environ, "HONE_RUNS": str(runs), "NO_COLOR": "1"})
    if done.returncode != 2:
        yield f"exit status {done.returncode}, not 2"
    for place, message in expectations(recipe):
        begin = f"{recipe}:{place}: " if place else f"{recipe}:"
        lines = [line for line in done.stderr.splitlines() if begin in line and message in line]
        if not lines:
            yield f"no line with {place or 'a place'} and: {message}"
        if not all(re.search(r":\d+:\d+: ", line) for line in lines):
            yield f"without line and column: {lines[0]}"
    if listing(folder):
        yield f"wrote {listing(folder)}"
    if listing(MALFORMED) != before:
        yield "wrote beside the recipe"
    if "terminate" in done.stderr or "internal" in done.stderr:
        yield "an internal error"


def main():
    recipes = sorted(MALFORMED.glob("*.yaml"))
    wrong = 0
    if len(recipes) < FEWEST:
        sys.exit(f"only {len(recipes)} recipes in {MALFORMED}")
    for recipe in recipes:
        if not list(expectations(recipe)):
            sys.exit(f"{recipe} does not say what it expects")
        for verb in ("validate", "clean"):
            with tempfile.TemporaryDirectory() as folder:
                for failure in failures_of(recipe, verb, pathlib.Path(folder)):
                    wrong += 1
                    print(f"hone {verb} {recipe.name}: {failure}")
    print(f"{len(recipes)} malformed recipes, {wrong} answered wrongly")
    sys.exit(1 if wrong else 0)


main()
