"""A folder in which everything is wrong: bombs, cycles, lines of a gigabyte, things that are no files, names that are no names.

Each ends as documents or as one counted rejection with its reason in the ledger; the run ends; `hone` itself stays below
HONE_MEMORY; nothing half written is left; and a reader that is killed in the middle costs at most one document. Files of gigabytes
have holes instead of bytes, so the folder takes a few megabytes of disk."""

import gzip
import io
import json
import os
import pathlib
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib

HONE = pathlib.Path(os.environ["HONE_BIN"]).resolve() / "hone"
FIXTURES = pathlib.Path(os.environ["HONE_SOURCE"]).resolve() / "tests/fixtures"
HONE_MEMORY = 256 << 20  # of the process that holds ledger and corpus; its readers have their own limit
GIGABYTE = 1 << 30
TINY = 10_000
RECIPE = """name: hostile
corpus:
  sources: [{path: docs, name: docs, licence: CC0-1.0}]
  rules: [normalise]
tokenizer: {train: {vocab_size: 320}}
model: {shape: {hidden_size: 64, intermediate_size: 160, num_hidden_layers: 2, num_attention_heads: 4}}
"""
DOCUMENT = "document"
wrong = []


def expect(condition, sentence):
    print(("ok    " if condition else "WRONG ") + sentence, flush=True)
    if not condition:
        wrong.append(sentence)


# ---- what is in the folder


def with_hole(path, before, after=b""):
    with open(path, "wb") as file:
        file.write(before)
        file.seek(GIGABYTE, os.SEEK_CUR)
        file.write(after)
        file.truncate()


def deflated_gigabyte():
    """Raw deflate of 2^30 zeros: one flushed block of 16 MB, 64 times, and an empty last one."""
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = pack.compress(bytes(16 << 20)) + pack.flush(zlib.Z_FULL_FLUSH)
    return block * 64 + pack.flush()


def zip_with(name, packed, size, checksum):
    """A ZIP file of one deflated entry whose bytes are given."""
    facts = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, checksum, len(packed), size, len(name), 0)
    local = b"PK\3\4" + facts + name.encode() + packed
    directory = b"PK\1\2" + struct.pack("<H", 20) + facts + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name.encode()
    return local + directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(directory), len(local), 0)


def office(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def docx(body, head=""):
    return office({"word/document.xml": '<?xml version="1.0"?>' + head + '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
                                        f"<w:body>{body}</w:body></w:document>"})


def zip_in_zip(levels):
    content, name = b"the innermost text\n", "text.txt"
    for _ in range(levels):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            package.writestr(name, content)
        content, name = out.getvalue(), "inner.zip"
    return content


def pdf(objects, after=""):
    text = "%PDF-1.4\n" + "".join(f"{number} 0 obj\n{body}\nendobj\n" for number, body in objects.items())
    return (text + f"trailer\n<< /Root 1 0 R {after} >>\nstartxref\n9\n%%EOF\n").encode()


def laughs(levels=12):
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, levels))
    return f'<!DOCTYPE x [<!ENTITY e0 "ha">{lines}]>'


def one_each():
    """Name of a file → its content, and how it may end."""
    bomb = deflated_gigabyte()
    size_and_crc = struct.pack("<II", zlib.crc32(bytes(1 << 20)), 0)  # wrong, but nobody gets that far
    deep = "<w:tbl><w:tr><w:tc>"
    page_loop = {1: "<< /Type /Catalog /Pages 2 0 R >>", 2: "<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>", 3: "<< /Type /Pages /Kids [2 0 R] /Parent 2 0 R /Count 1 >>"}
    prev_loop = {1: "<< /Type /Catalog /Pages 1 0 R >>"}
    return {
        "bomb.txt.gz": (b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + bomb + size_and_crc, {"too_large"}),
        "bomb.jsonl.gz": (b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + bomb + size_and_crc, {"too_large", "damaged"}),
        "bomb.zip": (zip_with("inner.txt", bomb, GIGABYTE, 0), {"too_large"}),
        "bomb.docx": (zip_with("word/document.xml", bomb, GIGABYTE, 0), {"too_large"}),
        "bomb-that-lies.docx": (zip_with("word/document.xml", bomb, 1000, 0), {"too_large", "damaged"}),
        "laughs.docx": (docx("<w:p><w:r><w:t>&e11;</w:t></w:r></w:p>", laughs()), {DOCUMENT}),
        "laughs.fodt": ((laughs() + "<x>&e11;</x>").encode(), {"damaged", "no_text"}),
        "deep.html": (b"<div>" * 100_000 + b"text", {"too_large"}),
        "deep.docx": (docx(deep * 33_000), {"too_large", "damaged"}),
        "deep.fodt": (b"<a>" * 100_000 + b"text" + b"</a>" * 100_000, {"too_large", "damaged"}),
        "deep.json.jsonl": (b'{"text": "a", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n", {"damaged"}),
        "deep.md": (b">" * 100_000 + b" text\n", {DOCUMENT}),
        "deep.zip": (zip_in_zip(300), {"too_large"}),
        "deep.eml": (b"Content-Type: message/rfc822\n\n" * 100_000 + b"text", {"too_large", "damaged", "no_text"}),
        "loop.pdf": (pdf(page_loop), {"damaged", "scanned", "timed_out", "crashed"}),
        "prev-loop.pdf": (pdf(prev_loop, "/Prev 9"), {"damaged", "scanned", "timed_out", "crashed"}),
        "empty.txt": (b"", {"no_text"}),
        "noise.hwp": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(4).randbytes(20_000), {"damaged", "unreadable_format"}),
        "line\nbreak.txt": ("A name of two lines.\n".encode(), {DOCUMENT}),
        b"\xff\xfe invalid \xc0.txt": (b"A name that is no UTF-8.\n", {DOCUMENT}),
        "n" * 251 + ".txt": (b"A name as long as names can be.\n", {DOCUMENT}),
    }


def special(folder):
    """What is no file: never waited for, never followed. Returns how many there are."""
    os.mkfifo(folder / "pipe.txt")
    (folder / "broken.txt").symlink_to("nowhere.txt")
    (folder / "itself.txt").symlink_to("itself.txt")
    (folder / "endless.txt").symlink_to("/dev/zero")
    (folder / "folder.txt").mkdir()
    (folder / "up").symlink_to("..")


def fill(docs):
    docs.mkdir()
    reasons = {}
    for name, (content, allowed) in one_each().items():
        raw = os.fsencode(name)
        with open(os.path.join(os.fsencode(docs), raw), "wb") as file:
            file.write(content)
        reasons[raw.decode("utf-8", "replace")] = allowed
    for twin in (b"twin \xc1.txt", b"twin \xc2.txt"):  # one name, when mended
        pathlib.Path(os.fsdecode(os.fsencode(docs) + b"/" + twin)).write_text(f"One of two: {twin}.\n", encoding="utf-8")
    with_hole(docs / "one-line.txt", b"The beginning of a line of a gigabyte")
    with_hole(docs / "one-row.jsonl", b'{"text": "the row before"}\n{"text": "', b'"}\n{"text": "the row behind"}\n')
    reasons["one-line.txt"] = {"too_large"}
    for name in ("cycle", "cycle-one", "cycle-directory", "cycle-siblings", "cross", "wild", "bomb"):
        shutil.copy(FIXTURES / f"containers/{name}.hwp", docs)
        reasons[f"{name}.hwp"] = {DOCUMENT, "damaged", "too_large", "no_text"}
    if shutil.which("zstd"):
        frame = subprocess.run(["zstd", "-19", "-c"], input=b"x" * (16 << 20), capture_output=True, check=True).stdout
        (docs / "bomb.txt.zst").write_bytes(frame * 64)
        reasons["bomb.txt.zst"] = {"too_large"}
    special(docs)
    if os.geteuid() != 0:  # root reads everything
        (docs / "locked.txt").write_text("nobody may read this\n")
        (docs / "locked.txt").chmod(0)
        reasons["locked.txt"] = {"unreadable_file"}
    tiny = docs / "tiny"
    tiny.mkdir()
    for number in range(TINY):
        (tiny / f"{number:05d}.txt").write_text(f"Note {number}: one of very many.\n")
    return reasons


# ---- what comes of it


def hone(folder):
    environment = {**os.environ, "NO_COLOR": "1"}
    return subprocess.Popen([str(HONE), "clean", "recipe.yaml", "-q"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def ended(process, limit_s=180):
    """Exit status, what was said, and the most memory `hone` itself had."""
    timer = time.monotonic() + limit_s
    peak = 0
    while process.poll() is None:
        if time.monotonic() > timer:
            process.kill()
            raise SystemExit(f"hone did not end within {limit_s} s")
        try:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
            peak = max([peak, *(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM"))])
        except (FileNotFoundError, ProcessLookupError):
            pass
        time.sleep(0.02)
    return process.returncode, process.stderr.read(), peak


def lines_of(path):
    data = subprocess.run(["zstd", "-dc", path], capture_output=True, check=True).stdout
    return [json.loads(line) for line in data.decode("utf-8").splitlines()]


def world(home, name, source="docs"):
    folder = home / name
    folder.mkdir()
    (folder / "recipe.yaml").write_text(RECIPE.replace("path: docs", f"path: {source}"), encoding="utf-8")
    return folder


def corpus_of(folder):
    (found,) = (folder / "runs").glob("*/*/corpus")
    return found


def readings(folder):
    """Path → the lines of the ledger that tell how it was read."""
    told = {}
    for line in lines_of(corpus_of(folder) / "ledger.jsonl.zst"):
        if line["rule"] == "read":
            told.setdefault(line["path"], []).append(line)
    return told


def verdict(lines):
    return {line.get("reason", "") for line in lines if line["action"] == "drop"}


def everything_wrong(home):
    folder = world(home, "everything")
    allowed = fill(folder / "docs")
    began = time.monotonic()
    status, said, peak = ended(hone(folder))
    expect(status == 0, f"the run ends well, in {time.monotonic() - began:.0f} s: exit {status} {said[-300:]}")
    expect(peak < HONE_MEMORY, f"hone needed {peak >> 20} MB of at most {HONE_MEMORY >> 20}")
    told = readings(folder)
    for name, reasons in sorted(allowed.items()):
        lines = [line for path, some in told.items() if path == name or path.startswith(name + "!") for line in some]
        said = f"{name[:40]!r}: {[line.get('reason') or line['action'] for line in lines]}"
        expect(len(lines) == 1 and all(line.get("reason", DOCUMENT) in reasons for line in lines), said)
    rows = told.get("one-row.jsonl", [])
    expect([line.get("reason") for line in rows] == [None, "too_large", None], f"a row of a gigabyte costs itself alone: {rows}")
    expect(len(told.get("twin \ufffd.txt", [])) == 2, "two names that cannot be told apart are two documents")
    tiny = [line for path, lines in told.items() if path.startswith("tiny/") for line in lines]
    expect(len(tiny) == TINY and not verdict(tiny), f"{len(tiny)} tiny files are documents")
    for name in ("pipe.txt", "broken.txt", "itself.txt", "endless.txt", "folder.txt"):
        expect(verdict(told.get(name, [])) <= {"unreadable_file"}, f"{name} is no document")
    ids = [line["id"] for lines in told.values() for line in lines]
    expect(len(ids) == len(set(ids)), "each has an id of its own")
    left = [path for path in folder.rglob("*") if path.name.endswith((".tmp", ".partial", ".part")) or path.name.startswith(".tmp")]
    expect(not left, f"nothing half written is left: {left[:3]}")


def children_of(pid):
    found = []
    for status in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            words = status.read_text(encoding="utf-8", errors="replace").rsplit(")", 1)
        except (FileNotFoundError, ProcessLookupError):
            continue
        if words[0].endswith("(hone-read") and int(words[1].split()[1]) == pid:
            found.append(int(status.parent.name))
    return found


def readers_killed(home):
    folder = world(home, "killed")
    (folder / "docs").mkdir()
    rows = "".join(json.dumps({"text": f"Row {n} of a file. " + "word " * 400}) + "\n" for n in range(20_000))
    for number in range(3):
        (folder / f"docs/{number}.jsonl").write_text(rows)
    for number in range(300):
        (folder / f"docs/{number:03d}.txt").write_text(f"Note {number}.\n")
    process = hone(folder)
    kills = 0
    while process.poll() is None and kills < 3:
        readers = children_of(process.pid)
        if readers:
            time.sleep(0.05)
            try:
                os.kill(readers[0], signal.SIGKILL)
                kills += 1
            except ProcessLookupError:
                pass
        time.sleep(0.1)
    status, said, _ = ended(process)
    expect(status == 0, f"{kills} readers killed: the run ends well: exit {status} {said[-300:]}")
    lines = [line for some in readings(folder).values() for line in some]
    lost = [line for line in lines if line["action"] == "drop"]
    expect(kills > 0 and len(lines) == 60_300 and len(lost) <= kills, f"{len(lines)} documents accounted for, {len(lost)} lost to {kills} kills")
    expect(all("signal 9" in line.get("message", "signal 9") for line in lost), "and those say why")


def named_themselves(home):
    """A source that names what is no file is an error that says so, not a wait."""
    for what in ("pipe.txt", "broken.txt", "itself.txt", "endless.txt"):
        folder = world(home, f"named-{what}", f"docs/{what}")
        (folder / "docs").mkdir()
        special(folder / "docs")
        status, said, _ = ended(hone(folder), 20)
        expect(status == 3 and what in said, f"{what} named as a source: exit {status}: {said.strip()[-200:]}")


if not shutil.which("zstd"):
    print("skipped: the ledger is read with zstd")
    sys.exit(77)
place = pathlib.Path(tempfile.mkdtemp(prefix="hone-hostile-"))
try:
    everything_wrong(place)
    readers_killed(place)
    named_themselves(place)
finally:
    shutil.rmtree(place, ignore_errors=True)
sys.exit(1 if wrong else 0)
