#!/usr/bin/env python3
"""Feeds every parser and the rules with damaged documents, and says what broke.

Builds the preset `fuzz` (clang, AddressSanitizer, UndefinedBehaviorSanitizer), replays the cases once found (found/<target>/),
then lets libFuzzer go on from real documents for a while. What breaks a program is left as a file and named; after the repair
it belongs into found/<target>/ so that it is replayed for ever.

usage: run.py [--seconds 20] [--keep FOLDER] [target …]     e.g. a night on HWP: run.py --seconds 36000 hwp
Seeds come from shared/corpora (HONE_SHARED, default ../shared) where it is there, and from recipes/ and tests/fixtures/.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("HONE_SHARED", SOURCE.parent / "shared"))
FOUND = SOURCE / "tests/fuzz/found"
BUILD = SOURCE / "build/fuzz"
MAX_SEED = 200_000
MAX_SEEDS = 60

# Where documents of each kind lie, below shared/corpora and tests/fixtures.
SEEDS = {
    "text": ["*.txt"], "markdown": ["*.md"], "html": ["*.html"], "csv": ["*.csv", "*.tsv"], "jsonl": ["*.jsonl"],
    "pdf": ["*.bbox", "*.xhtml"], "docx": ["*.docx"], "pptx": ["*.pptx"], "xlsx": ["*.xlsx"], "odt": ["*.odt"],
    "hwpx": ["*.hwpx"], "hwp": ["*.hwp"], "eml": ["*.eml"], "mbox": ["*.mbox", "*.eml"],
    "archive": ["*.zip", "*.tar", "*.tgz", "*.7z", "*.docx"], "rules": ["*.expected.txt", "*.md"], "recipe": ["*.yaml"],
    "safetensors": ["*.safetensors"],
}


def build(targets):
    for command in (["cmake", "--preset", "fuzz"], ["cmake", "--build", "--preset", "fuzz", "--target", *[f"fuzz_{t}" for t in targets]]):
        done = subprocess.run(command, cwd=SOURCE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            sys.exit(done.stdout[-6000:])


def seed_files(target):
    folders = [SHARED / "corpora", SOURCE / "tests/fixtures", SOURCE / "recipes"]
    files = [f for folder in folders if folder.exists() for pattern in SEEDS[target] for f in sorted(folder.rglob(pattern))]
    small = [f for f in files if f.stat().st_size <= MAX_SEED]
    return small[:: max(1, len(small) // MAX_SEEDS)]


def feed(target, seconds, keep):
    """Nothing when all went well, else what libFuzzer said."""
    program = BUILD / "fuzz" / f"fuzz_{target}"
    with tempfile.TemporaryDirectory() as work:
        corpus = pathlib.Path(work) / "corpus"
        corpus.mkdir()
        for number, file in enumerate(seed_files(target)):
            shutil.copyfile(file, corpus / f"{number:03d}")
        found = FOUND / target
        for file in sorted(found.iterdir()) if found.is_dir() else []:
            shutil.copyfile(file, corpus / f"found-{file.name}")
        out = pathlib.Path(keep or work) / target
        out.mkdir(parents=True, exist_ok=True)
        command = [program, corpus, f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=2600", "-max_len=262144",
                   f"-artifact_prefix={out}/", "-print_final_stats=1", "-seed=1"]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, cwd=work,
                              env={**os.environ, "ASAN_OPTIONS": "allocator_may_return_null=0:detect_leaks=1", "G_SLICE": "always-malloc"})
        runs = re.search(r"number_of_executed_units: (\d+)", done.stderr)
        cover = re.findall(r" cov: (\d+)", done.stderr)
        summary = f"{target:12} {int(runs.group(1)) if runs else 0:>9,} inputs, {cover[-1] if cover else '?'} edges"
        if done.returncode == 0:
            return summary, None
        return summary, done.stderr[-5000:]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--keep", help="folder that keeps the inputs which broke something (default: the system's own)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("targets", nargs="*", metavar="target")
    options = parser.parse_args()
    targets = options.targets or list(SEEDS)
    if unknown := sorted(set(targets) - set(SEEDS)):
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(SEEDS)}")
    if shutil.which("clang++") is None:
        sys.exit("clang++ is not installed; third_party/bootstrap.sh brings it")
    keep = options.keep or tempfile.mkdtemp(prefix="hone-fuzz-")
    build(targets)
    broken = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for target, (summary, trouble) in zip(targets, pool.map(lambda t: feed(t, options.seconds, keep), targets)):
            print(summary + ("" if trouble is None else "  BROKEN"), flush=True)
            if trouble is not None:
                broken.append(target)
                print(trouble, flush=True)
    if broken:
        sys.exit(f"broken: {', '.join(broken)}; the inputs are in {keep}")


if __name__ == "__main__":
    main()
