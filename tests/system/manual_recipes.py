"""Every complete recipe that README and the manual show is a recipe: no unknown option, no wrong type, no contradiction.

The sources they name are the reader's own, so a missing file (exit status 3) is expected here and a mistake in the recipe (2) is not.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HONE = pathlib.Path(os.environ["HONE_BIN"]) / "hone"
SOURCE = pathlib.Path(os.environ["HONE_SOURCE"])
FEWEST = 17


def recipes():
    for chapter in [SOURCE / "README.md", *sorted((SOURCE / "docs/manual").rglob("*.md"))]:
        for number, block in enumerate(re.findall(r"^```yaml\n(.*?)^```", chapter.read_text(encoding="utf-8"), re.S | re.M)):
            if block.startswith("name:") and "\ncorpus:" in block:
                yield f"{chapter.stem}-{number}.yaml", block


def main():
    wrong, tried = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        shutil.copytree(SOURCE / "configs", place / "configs")
        (place / "recipes").mkdir()
        for name, block in recipes():
            tried += 1
            recipe = place / "recipes" / name
            recipe.write_text(block, encoding="utf-8")
            done = subprocess.run([HONE, "validate", recipe], capture_output=True, text=True, timeout=60)
            if done.returncode not in (0, 3) or "no effect" in done.stderr:
                wrong += 1
                print(f"{name}: exit status {done.returncode}\n{done.stderr}")
    print(f"{tried} recipes of README and the manual, {wrong} of them wrong")
    sys.exit(1 if wrong or tried < FEWEST else 0)


main()
