#!/usr/bin/env python3
"""How many instructions a byte of text costs in each default rule and in the whole stage, held to stored limits.

valgrind (callgrind) counts, so the figure is the same on a busy machine as on a quiet one. The text is Hone's own manual, English
and Korean. Limits are in instructions.json, a fifth above what was measured when they were set; `--set` writes them anew.

usage: instructions.py [--set] [rule …]        needs build/release/tests/rule_cost (HONE_BIN) and valgrind; 77 where one is missing
"""

import argparse
import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(os.environ.get("HONE_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
PROGRAM = pathlib.Path(os.environ.get("HONE_BIN", SOURCE / "build/release/bin")).parent / "tests/rule_cost"
LIMITS = SOURCE / "tests/bench/instructions.json"
SPARE = 1.2


def counted(rule, repeats, files):
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", PROGRAM, rule, str(repeats), *files],
                          capture_output=True, text=True, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"{rule}: {done.stderr[-2000:]}")
    return int(found.group(1)), int(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", action="store_true")
    parser.add_argument("rules", nargs="*")
    options = parser.parse_args()
    if shutil.which("valgrind") is None or not PROGRAM.exists():
        print(f"skipped: needs valgrind and {PROGRAM.name}")
        sys.exit(77)
    limits = json.loads(LIMITS.read_text())
    files = sorted((SOURCE / "docs/manual").rglob("*.md"))
    too_many = []
    for rule in options.rules or limits:
        least, most = (0, 1) if rule == "clean" else (1, 3)
        first, _ = counted(rule, least, files)
        second, size = counted(rule, most, files)
        cost = (second - first) / (most - least) / size
        if options.set:
            limits[rule] = math.ceil(cost * SPARE * 10) / 10
        print(f"{rule:18} {cost:8.1f} instructions a byte, limit {limits.get(rule, 'none')}", flush=True)
        if cost > limits.get(rule, float("inf")):
            too_many.append(rule)
    if options.set:
        LIMITS.write_text(json.dumps(limits, indent=2) + "\n")
    if too_many:
        sys.exit(f"cost more than they may: {', '.join(too_many)}. Make them cheaper, or say why not and set the limit anew")


if __name__ == "__main__":
    main()
