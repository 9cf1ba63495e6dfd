"""The documentation keeps up with the program: links lead somewhere, the two languages tell the same, every command exists.

What a chapter claims about figures is for people to check; what it claims about names is checked here.
"""
import os
import pathlib
import re
import subprocess
import sys

HONE = pathlib.Path(os.environ["HONE_BIN"]) / "hone"
SOURCE = pathlib.Path(os.environ["HONE_SOURCE"])
DOCS = SOURCE / "docs"
SHARED_OPTIONS = {"--set", "--runs", "--quiet", "--log-json", "--ok-exit", "--help"}


def broken_links():
    for page in [SOURCE / "README.md", *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                yield f"{page.relative_to(SOURCE)}: {target} is not there"


def outline(chapter):
    """Levels of headings and languages of code blocks, in order: what two translations have in common."""
    text = chapter.read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)$", text, re.M)
    headings = re.findall(r"^(#+) ", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M), re.M)
    return headings, blocks[::2], text.count("\n| ")


def unlike_translations():
    english = {path.stem: path for path in (DOCS / "manual/en").glob("*.md")}
    korean = {path.name.removesuffix(".ko.md"): path for path in (DOCS / "manual/ko").glob("*.ko.md")}
    for name in sorted(english.keys() | korean.keys()):
        if name not in english or name not in korean:
            yield f"manual: {name} is there in one language only"
        elif name != "31-glossary" and outline(english[name]) != outline(korean[name]):
            yield f"manual: {name} has other headings, code blocks or tables in the two languages"


def unknown_commands():
    help_text = subprocess.run([HONE, "--help"], capture_output=True, text=True, check=True).stdout
    verbs = set(re.findall(r"^  (\w+) ", help_text, re.M))
    options = {verb: subprocess.run([HONE, verb, "--help"], capture_output=True, text=True, check=True).stdout for verb in verbs}
    for page in [SOURCE / "README.md", *sorted(DOCS.rglob("*.md"))]:
        if "not-there-yet" in page.name or page.name == "architecture.md":
            continue
        for line in re.findall(r"(?:^|`|/)hone ([^`\n]+)", page.read_text(encoding="utf-8"), re.M):
            verb = line.split()[0].rstrip(",.")
            if not re.fullmatch(r"[a-z]+", verb):
                continue
            if verb not in verbs:
                yield f"{page.name}: there is no hone {verb}"
                continue
            for option in re.findall(r" (--[a-z-]+)", re.split(r" (?:&&|\||\|\|) ", line)[0]):
                if option not in SHARED_OPTIONS and option not in options[verb]:
                    yield f"{page.name}: hone {verb} has no {option}"


def main():
    wrong = [*broken_links(), *unlike_translations(), *unknown_commands()]
    print("\n".join(wrong) or "the documentation is true to the program's names")
    sys.exit(1 if wrong else 0)


main()
