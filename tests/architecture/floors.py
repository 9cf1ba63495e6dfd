#!/usr/bin/env python3
"""Does src/ keep the house plan? Reads the table of floors in docs/architecture.md and holds every file to it.

Checked: a folder includes from lower floors only; LibTorch appears from the floor `tensor` up only; CMakeLists.txt spells the same
floors; a folder's code is in its namespace; headers open with what they are for; no file over 500 lines, no name that says nothing,
no unfinished business. Each rule is first shown a small tree that breaks it, so that a rule that has stopped looking is found out.

usage: floors.py [PROJECT_ROOT]      exit status 1 when something is found
"""

import os
import pathlib
import re
import sys
import tempfile

LONGEST_FILE = 500
FIRST_TORCH_FOLDER = "tensor"
# `export` is a C++ keyword.
NAMESPACES = {"export": "exporting"}
EMPTY_NAMES = re.compile(r"(util|helper|common|misc|manager)")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
TORCH_INCLUDE = re.compile(r'^#include\s+[<"](?:ATen|c10|torch|caffe2)/', re.M)
OWN_INCLUDE = re.compile(r'^#include\s+"([^"]+)"', re.M)
HEADER_OPENING = re.compile(r"#pragma once\n\s*///")


def read_floors(root):
    page = (root / "docs" / "architecture.md").read_text(encoding="utf-8")
    return {folder: int(floor) for floor, folder in re.findall(r"^\| (\d+) \| `([a-z_]+)` \|", page, re.M)}


def cmake_findings(root, floors):
    text = (root / "CMakeLists.txt").read_text(encoding="utf-8")
    spelled = {folder: int(floor) for folder, floor in re.findall(r"^hone_library\((\w+) FLOOR (\d+)", text, re.M)}
    for folder in sorted(spelled.keys() | (floors.keys() - {"commands"})):
        if spelled.get(folder) != floors.get(folder):
            yield f"CMakeLists.txt: {folder} is on floor {spelled.get(folder)}, in docs/architecture.md on {floors.get(folder)}"


def include_findings(path, folder, is_engine, text, src, floors):
    for include in OWN_INCLUDE.findall(text):
        target = include.split("/")[0]
        if "/" not in include or target not in floors:
            yield f'{path}: #include "{include}" is not spelled from src/, as in "base/error.h"'
            continue
        if not (src / include).exists():
            yield f'{path}: #include "{include}" is not there'
        if folder in floors and target != folder and floors[target] >= floors[folder]:
            yield f"{path}: {folder} (floor {floors[folder]}) includes {include} (floor {floors[target]})"
        if folder == "commands" and not is_engine and floors[target] >= floors[FIRST_TORCH_FOLDER] and target != folder:
            yield f"{path}: includes {include}, which needs LibTorch; verbs that do belong in commands/engine/"
    sees_torch = is_engine or folder == "" or (folder in floors and folder != "commands"
                                               and floors[folder] >= floors[FIRST_TORCH_FOLDER])
    if not sees_torch and TORCH_INCLUDE.search(text):
        yield f"{path}: LibTorch below the floor of {FIRST_TORCH_FOLDER}/"


def file_findings(path, folder, text):
    lines = text.count("\n")
    if lines > LONGEST_FILE:
        yield f"{path}: {lines} lines, {LONGEST_FILE} at most: split it by idea"
    if EMPTY_NAMES.search(path.stem):
        yield f"{path}: a name that says nothing"
    if path.suffix == ".h" and not HEADER_OPENING.match(text):
        yield f"{path}: a header opens with #pragma once and /// lines that say what it is for"
    for match in UNFINISHED.finditer(text):
        yield f"{path}:{text[: match.start()].count(chr(10)) + 1}: {match.group(1)}"
    if folder and "namespace hone" in text and not re.search(rf"namespace hone(::{NAMESPACES.get(folder, folder)}\b| \{{)", text):
        yield f"{path}: not in namespace hone::{NAMESPACES.get(folder, folder)}"


def findings(root):
    floors = read_floors(root)
    if not floors:
        return ["docs/architecture.md: the table of floors was not found"]
    src = root / "src"
    out = list(cmake_findings(root, floors))
    for file in sorted(src.rglob("*")):
        if file.suffix not in (".h", ".cpp"):
            if file.is_file():
                out.append(f"{file.relative_to(root)}: only .h and .cpp files live in src/")
            continue
        inside = file.relative_to(src).parts
        folder = inside[0] if len(inside) > 1 else ""
        is_engine = inside[:2] == ("commands", "engine")
        text = file.read_text(encoding="utf-8")
        path = file.relative_to(root)
        if folder and folder not in floors:
            out.append(f"{path}: the folder {folder} has no row in docs/architecture.md")
        out += include_findings(path, folder, is_engine, text, src, floors)
        out += file_findings(path, folder, text)
    return out


BROKEN = {  # file → (its text, a part of the finding it must cause)
    "src/base/up.h": ('#pragma once\n/// Up.\n#include "recipe/a.h"\n', "base (floor 0) includes recipe/a.h (floor 1)"),
    "src/recipe/beside.cpp": ('#include "artifact/a.h"\n', "recipe (floor 1) includes artifact/a.h (floor 1)"),
    "src/recipe/relative.cpp": ('#include "a.h"\n', "is not spelled from src/"),
    "src/recipe/gone.cpp": ('#include "base/gone.h"\n', "is not there"),
    "src/recipe/torch.cpp": ("#include <ATen/ATen.h>\n", "LibTorch below the floor"),
    "src/commands/train.cpp": ('#include "tensor/a.h"\n', "belong in commands/engine/"),
    "src/attic/a.cpp": ("\n", "has no row"),
    "src/base/long.cpp": ("\n" * 501, "501 lines"),
    "src/base/string_utils.cpp": ("\n", "says nothing"),
    "src/base/silent.h": ("#pragma once\nint x;\n", "says what it is for".replace("says", "say")),
    "src/base/later.cpp": ("// TO" + "DO: finish\n", "TO" + "DO"),
    "src/base/elsewhere.cpp": ("namespace hone::recipe {}\n", "not in namespace hone::base"),
    "src/base/script.py": ("\n", "only .h and .cpp"),
}


def check_the_checks():
    """Every rule must complain about a tree made to break it, and about nothing in the same tree without that file."""
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        table = "".join(f"| {floor} | `{folder}` | x |\n" for floor, folder in
                        [(0, "base"), (1, "recipe"), (1, "artifact"), (6, "tensor"), (11, "commands")])
        (root / "docs").mkdir()
        (root / "docs/architecture.md").write_text(table)
        cmake = "".join(f"hone_library({folder} FLOOR {floor})\n" for floor, folder in
                        [(0, "base"), (1, "recipe"), (1, "artifact"), (6, "tensor")])
        (root / "CMakeLists.txt").write_text(cmake)
        for folder in ("base", "recipe", "artifact", "tensor", "commands"):
            (root / "src" / folder).mkdir(parents=True)
            (root / "src" / folder / "a.h").write_text(f"#pragma once\n/// A.\nnamespace hone::{folder} {{}}\n")
        assert findings(root) == [], findings(root)
        for path, (text, part) in BROKEN.items():
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_text(text)
            found = findings(root)
            assert any(part in line for line in found), f"{path} was let through: {found}"
            os.remove(root / path)
        (root / "CMakeLists.txt").write_text(cmake.replace("artifact FLOOR 1", "artifact FLOOR 2"))
        assert any("artifact is on floor 2" in line for line in findings(root)), "CMakeLists.txt is not compared"


def main():
    default = os.environ.get("HONE_SOURCE", pathlib.Path(__file__).resolve().parents[2])
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else default)
    check_the_checks()
    found = findings(root)
    print("\n".join(found) if found else "src/ keeps the house plan")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
