#!/usr/bin/env python3
"""Feeds every parser and the rules with damaged documents, and says what broke.

Builds the preset `fuzz` (clang, AddressSanitizer, UndefinedBehaviorSanitizer), replays the cases once found (found/<target>/),
then lets libFuzzer go on from real documents for a while. What breaks a program is left as a file and named; after the repair
it belongs into found/<target>/ so that it is replayed for ever.

usage: run.py [--seconds 20] [--keep FOLDER] [target …]     e.g. a night on HWP: run.py --seconds 36000 hwp
Seeds: seeds.py. With --keep, what libFuzzer found worth keeping is kept too (FOLDER/<target>/corpus), and the next run starts from it.
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
import time

sys.dont_write_bytecode = True
import seeds  # noqa: E402

SOURCE = seeds.SOURCE
FOUND = SOURCE / "tests/fuzz/found"
BUILD = SOURCE / "build/fuzz"
TARGETS = list(seeds.PATTERNS)
LEAKY_LIBRARIES = {"hwp"}  # leaks.supp


def build(targets):
    for command in (["cmake", "--preset", "fuzz"], ["cmake", "--build", "--preset", "fuzz", "--target", *[f"fuzz_{t}" for t in targets]]):
        done = subprocess.run(command, cwd=SOURCE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            sys.exit(done.stdout[-6000:])


def feed(target, options, keep):
    """What was done in a line, and what libFuzzer said when something broke, else nothing."""
    out = pathlib.Path(keep) / target
    corpus = out / "corpus"
    shutil.rmtree(out / "start", ignore_errors=True)
    start = out / "start"
    for folder in (corpus, start):
        folder.mkdir(parents=True, exist_ok=True)
    words = seeds.write(target, start)
    found = FOUND / target
    for file in sorted(found.iterdir()) if found.is_dir() else []:
        shutil.copyfile(file, start / f"found-{file.name}")
    command = [BUILD / "fuzz" / f"fuzz_{target}", corpus, start, f"-max_total_time={options.seconds}", f"-seed={options.seed}", "-timeout=10", "-rss_limit_mb=2600",
               f"-max_len={seeds.MAX_LENGTH.get(target, 1 << 17)}",
               f"-artifact_prefix={out}/", "-print_final_stats=1", *([f"-dict={words}"] if words else [])]
    began = time.monotonic()
    asan = "allocator_may_return_null=0:detect_leaks=1"
    if target in LEAKY_LIBRARIES:
        asan += ":fast_unwind_on_malloc=0"  # these libraries keep no frame pointers, and a suppression needs the names of callers
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, cwd=out,
                          env={**os.environ, "ASAN_OPTIONS": asan, "G_SLICE": "always-malloc",
                               "LSAN_OPTIONS": f"print_suppressions=0:suppressions={SOURCE}/tests/fuzz/leaks.supp"})
    runs = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    cover = re.findall(r" cov: (\d+)", done.stderr)
    summary = (f"{target:15} {int(runs.group(1)) if runs else 0:>9,} inputs from {len(list(start.iterdir())):>3} seeds in "
               f"{time.monotonic() - began:3.0f} s, {cover[-1] if cover else '?':>6} edges")
    return summary, None if done.returncode == 0 else done.stderr[-5000:]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0, help="of the random changes; 0 takes another each time")
    parser.add_argument("--keep", help="folder that keeps the inputs which broke something (default: the system's own)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("targets", nargs="*", metavar="target")
    options = parser.parse_args()
    targets = options.targets or TARGETS
    if unknown := sorted(set(targets) - set(TARGETS)):
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(TARGETS)}")
    if shutil.which("clang++") is None:
        sys.exit("clang++ is not installed; third_party/bootstrap.sh brings it")
    keep = options.keep or tempfile.mkdtemp(prefix="hone-fuzz-")
    build(targets)
    broken = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for target, (summary, trouble) in zip(targets, pool.map(lambda t: feed(t, options, keep), targets)):
            print(summary + ("" if trouble is None else "  BROKEN"), flush=True)
            if trouble is not None:
                broken.append(target)
                print(trouble, flush=True)
    if broken:
        sys.exit(f"broken: {', '.join(broken)}; the inputs are in {keep}")


if __name__ == "__main__":
    main()
