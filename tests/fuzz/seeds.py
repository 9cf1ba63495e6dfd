"""What libFuzzer starts from: real documents, small enough to be read a thousand times a second, in the form that a target takes.

Files of several parts become flat text (parts.h says how), so that what is changed later is the text of a part and not a checksum.
Everything comes from shared/corpora and shared/golden (HONE_SHARED, default ../shared) where they are there, from tests/fixtures and
recipes/, or is made here.
"""

import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import zipfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("HONE_SHARED", SOURCE.parent / "shared"))
FOLDERS = [SHARED / "corpora", SHARED / "golden", SOURCE / "tests/fixtures", SOURCE / "recipes", SOURCE / "configs"]
MAX_SEED = 48_000
MAX_SEEDS = 60
CUT = 3_000  # text that can be cut anywhere
CUT_TARGETS = ("text", "markdown", "html", "csv", "jsonl", "rules")

PATTERNS = {
    "text": ["*.txt"], "markdown": ["*.md"], "html": ["*.html"], "csv": ["*.csv", "*.tsv"], "jsonl": ["*.jsonl"], "pdf": ["*.pdf"],
    "docx": ["*.docx"], "pptx": ["*.pptx"], "xlsx": ["*.xlsx"], "odt": ["*.odt", "*.ods", "*.odp", "*.fodt"], "hwpx": ["*.hwpx"],
    "hwp": ["*.hwp"], "eml": ["*.eml"], "mbox": ["*.mbox", "*.eml"],
    "archive": ["*.zip", "*.tar", "*.tar.*", "*.7z"], "rules": ["*.expected.txt", "*.md"], "recipe": ["*.yaml"],
    "safetensors": ["*.safetensors"], "jinja": ["*.jinja"], "model_config": ["config.json"], "tokenizer_json": [], "hwp_section": [], "page_furniture": [],
}
# Where a long input only takes long; of the others 128 KB, for what nests.
MAX_LENGTH = {"rules": 6_000, "jinja": 16_000, "page_furniture": 16_000, "hwp_section": 32_000}
PACKAGES = ("docx", "pptx", "xlsx", "odt", "hwpx", "archive")
# Parts of a package that no reader looks at.
IDLE_PARTS = re.compile(r"(theme|settings|fontTable|webSettings|preview|thumbnail|/media/|bindata/|slideLayout|slideMaster|configurations2)", re.I)
# Where the words stand that a reader looks for.
READERS = {
    "docx": "docx_* drawing_text office_*", "pptx": "pptx_* drawing_text office_*", "xlsx": "xlsx_* drawing_text office_*",
    "odt": "odf_*", "hwpx": "hwpx_*", "html": "html_*", "eml": "mail_*", "mbox": "mail_* mbox_*", "markdown": "markdown_* front_matter shortcodes",
    "pdf": "pdf_words", "tokenizer_json": "../tokenizer/tokenizer_json", "jinja": "../jinja/parser ../jinja/filters ../jinja/methods ../jinja/builtins", "model_config": "../formats/huggingface",
}


def flat(file):
    """The text parts of a ZIP file, flat; b"" when it is none or too large. Small parts come first, so that an odd one fits."""
    try:
        with zipfile.ZipFile(file) as package:
            parts = b""
            for info in sorted(package.infolist(), key=lambda one: one.file_size):
                if info.is_dir() or IDLE_PARTS.search(info.filename) or len(parts) + info.file_size > MAX_SEED:
                    continue
                content = package.read(info)
                if b"\x1e" not in content and b"\0" not in content[:512]:
                    parts += b"\x1e" + info.filename.encode() + b"\n" + content
            return parts
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError):
        return b""


def words_of_pdf(file):
    """What poppler prints of the first pages; nothing where it is not installed or the file is locked."""
    if shutil.which("pdftotext") is None:
        return b""
    for last in ("5", "1"):
        done = subprocess.run(["pdftotext", "-bbox-layout", "-l", last, str(file), "-"], capture_output=True, check=False, timeout=60)
        if done.returncode == 0 and len(done.stdout) <= 4 * MAX_SEED:
            return done.stdout
    return b""


def record(tag, level, data):
    size = len(data)
    head = tag | level << 10 | min(size, 0xFFF) << 20
    return struct.pack("<I", head) + (struct.pack("<I", size) if size >= 0xFFF else b"") + data


def hwp_sections():
    """Records by the format's own chapter 4: paragraphs, a table of two rows, a control in text, a property set behind a P."""
    def paragraph(text, level=0):
        return record(66, level, bytes(24)) + record(67, level + 1, (text + "\r").encode("utf-16le"))
    def wide(control, name):
        return struct.pack("<H", control) + name + bytes(8) + struct.pack("<H", control)
    cell = lambda row, text: record(72, 2, struct.pack("<HIHH", 1, 0, 0, row) + bytes(30)) + paragraph(text, 2)
    table = record(71, 1, b" lbt" + bytes(40)) + record(77, 2, bytes(20)) + b"".join(cell(row, f"칸 {row}") for row in (0, 0, 1, 1))
    inline = record(66, 0, bytes(24)) + record(67, 1, "가".encode("utf-16le") + wide(11, b" lbt") + "나\t\n\x18\x1e\r".encode("utf-16le"))
    yield paragraph("대한민국 헌법") + inline + table + paragraph("끝 😀")
    yield paragraph("x" * 5000) + record(71, 1, b"  nf") + paragraph("note", 2)
    text = "제목".encode("utf-16le") + b"\0\0"
    values = struct.pack("<II", 31, len(text) // 2) + text
    times = struct.pack("<IQ", 64, 132_000_000_000_000_000)
    body = struct.pack("<IIIIII", 0, 2, 2, 24, 13, 24 + len(values)) + values + times
    body = struct.pack("<I", len(body)) + body[4:]
    yield b"P" + struct.pack("<HHI16sI16sI", 0xFFFE, 0, 0x00020006, bytes(16), 1, bytes(16), 48) + body


def pages():
    for head, foot in (("Handbook", "Page {0} of 9"), ("사규집 제{0}장", "- {0} -"), ("", "{0}")):
        yield "\f".join(f"{head.format(n)}\nSome text of page {n}, and\nmore of it.\n!kept\n{foot.format(n)}" for n in range(1, 8)).encode()


def small_vocabulary(file):
    """The first pieces and the merges among them; all that says how a text is cut."""
    content = json.loads(file.read_text(encoding="utf-8"))
    vocabulary = dict(list(sorted(content["model"]["vocab"].items(), key=lambda one: one[1]))[:420])
    content["model"]["merges"] = [pair for pair in content["model"]["merges"] if {*pair, "".join(pair)} <= vocabulary.keys()]
    content["model"]["vocab"] = vocabulary
    return content


def made(target):
    """Seeds that no file holds."""
    if target == "hwp_section":
        return list(hwp_sections())
    if target == "page_furniture":
        return list(pages())
    if target == "tokenizer_json":
        return [json.dumps(small_vocabulary(file)).encode() for file in sorted((SOURCE / "tests/fixtures/tokenizer/json").glob("*.json"))]
    if target == "jinja":
        with open(SOURCE / "tests/fixtures/jinja/cases.jsonl", encoding="utf-8") as cases:
            return [json.loads(line).get("template", "").encode() for line in cases][::8]
    return []


def seeds(target):
    files = [f for folder in FOLDERS if folder.exists() for pattern in PATTERNS[target] for f in sorted(folder.rglob(pattern))]
    files = files[:: max(1, len(files) // (4 * MAX_SEEDS))]
    found = made(target)
    for file in files:
        if target == "pdf":
            content = words_of_pdf(file)
        elif target in PACKAGES and zipfile.is_zipfile(file):
            content = flat(file)
        else:
            with open(file, "rb") as stream:
                content = stream.read(CUT if target in CUT_TARGETS else MAX_SEED + 1)
            content = content if len(content) <= MAX_SEED and "bomb" not in file.name else b""
        if content:
            found.append(content)
    return found[:: max(1, -(-len(found) // MAX_SEEDS))]


def dictionary(target):
    """Words in quotes from the reader's source, as libFuzzer's -dict wants them; markup also as tags."""
    lines = set()
    for pattern in READERS.get(target, "").split():
        for file in sorted((SOURCE / "src/document").glob(pattern + ".cpp")):
            for word in re.findall(r'"([!-~]{2,40})"', re.sub(r"^#.*$", "", file.read_text(encoding="utf-8"), flags=re.M)):
                if "\\" in word:
                    continue
                lines.add(f'"{word}"')
                if target in (*PACKAGES, "html", "pdf") and re.fullmatch(r"[a-zA-Z0-9:.-]+", word):
                    lines |= {f'"<{word}>"', f'"</{word}>"', f'" {word}=\\""'}
    return "\n".join(sorted(lines)) + "\n"


def write(target, folder):
    """Seeds as files of `folder`; returns the path of a dictionary beside it, or nothing."""
    for number, content in enumerate(seeds(target)):
        (folder / f"{number:03d}").write_bytes(content)
    words = dictionary(target)
    if not words.strip():
        return None
    with tempfile.NamedTemporaryFile("w", dir=folder.parent, prefix=f"{target}-", suffix=".dict", delete=False, encoding="utf-8") as file:
        file.write(words)
    return pathlib.Path(file.name)
