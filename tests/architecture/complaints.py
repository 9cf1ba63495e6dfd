#!/usr/bin/env python3
"""Every test that docs/complaints.md names is there."""

import pathlib
import re
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def tests_in_source():
    found = set()
    for file in (SOURCE / "tests").rglob("*.cpp"):
        for suite, name in re.findall(r"^TEST(?:_F|_P)?\((\w+),\s*(\w+)\)", file.read_text(encoding="utf-8"), re.MULTILINE):
            found.add(f"{suite}.{name}")
    return found


def main():
    known = tests_in_source()
    rows = [line for line in (SOURCE / "docs/complaints.md").read_text(encoding="utf-8").splitlines() if re.match(r"\| \d+ \|", line)]
    wrong = []
    for row in rows:
        number, tests = row.split("|")[1].strip(), re.findall(r"`([^`]+)`", row.split("|")[-2])
        if not tests:
            wrong.append(f"{number} names no test")
        for test in tests:
            if not ((SOURCE / test).is_file() if "/" in test else test in known):
                wrong.append(f"{number} names {test}, which is not there")
    if [row.split("|")[1].strip() for row in rows] != [str(i + 1) for i in range(len(rows))]:
        wrong.append("the rows are not numbered one by one")
    print("\n".join(wrong) or f"{len(rows)} complaints, every test is there")
    return 1 if wrong or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
