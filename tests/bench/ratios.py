#!/usr/bin/env python3
"""How fast Hone is, as ratios against what its users would use instead, measured in one run on this machine.

  throughput  tokens/s of full fine-tuning, 135M shape, sequence 512, float32 and bfloat16, against shared/peers/eager_loop.py
              (a hand-written PyTorch loop; tried with and without GOMP_SPINCOUNT, its better figure counts)
  adapters    a step of QLoRA against one of LoRA, 135M shape, sequence 512, float32: time, and the largest memory of the whole training
  start       seconds from exec of `hone train` to the first finished optimizer step, 15M parameters
  clean       `hone clean` on a corpus of shared/corpora/make_bulk.py: MB of text per second and core, two cores against one, memory a
              document, and against shared/peers/datatrove_clean.py with the filters that both have
  encode      MB of text per second and core through tokenizer.json vocabularies (byte-level BPE with the patterns of Llama 3 and
              Qwen 2, and BPE over characters in the way of Llama 2), English and Korean, against the `tokenizers` library
  again       processor time of a second `hone clean` with 1 % new files as a share of the first, over Markdown and over HTML files

Median of the steps after the first two; both programs see rows of 512 tokens, one a step, and train every parameter.
Only a ratio from one run on a quiet machine counts.

usage: ratios.py [throughput] [adapters] [start] [clean] [encode] [again]     needs HONE_SHARED (default ../shared) and, for throughput, the Python of the
                                                  interoperability tests (or HONE_INTEROP_PYTHON);
                                                  clean installs datatrove into a venv of its own when it is not there
"""

import argparse
import hashlib
import html
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(os.environ.get("HONE_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
BIN = pathlib.Path(os.environ.get("HONE_BIN", SOURCE / "build/release/bin"))
SHARED = pathlib.Path(os.environ.get("HONE_SHARED", SOURCE.parent / "shared"))
SEQUENCE = 512
STEPS = 10


def peer_python():
    named = os.environ.get("HONE_INTEROP_PYTHON")
    if named:
        return named
    digest = hashlib.sha256((SOURCE / "tests/interop/requirements.txt").read_bytes()).hexdigest()[:12]
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache"))
    python = cache / "hone" / f"interop-{digest}" / "bin/python"
    if not python.exists():
        sys.exit("the Python of the interoperability tests is not there yet: ctest --test-dir build/release -L interop makes it")
    return str(python)


def run(command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **options)
    if done.returncode not in (0, 10, 11):
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


def make_model(shape, work):
    folder = work / f"model-{shape}"
    if not folder.exists():
        run([peer_python(), SHARED / "peers/make_model.py", shape, folder])
    return folder


def write_documents(work, characters):
    """One long document to train on, another to hold out; the split needs several, so short ones follow."""
    pages = sorted((SHARED / "corpora/k8s-docs").rglob("*.md"))
    text = "\n\n".join(page.read_text(encoding="utf-8", errors="replace") for page in pages)
    folder = work / f"documents-{characters}"
    folder.mkdir(exist_ok=True)
    piece = characters // 20
    for index in range(20):
        (folder / f"{index:02d}.txt").write_text(text[index * piece : (index + 1) * piece], encoding="utf-8")
    return folder


def write_recipe(path, documents, model, dtype="float32", tokenizer=None):
    tokenizer = tokenizer or SHARED / "models/base-12m/tokenizer.model"
    path.write_text(f"""name: bench-{path.stem}
seed: 1
corpus:
  sources: [{{path: {documents}, licence: CC-BY-4.0}}]
  rules: [normalise]
  split: {{validation: 0.05}}
tokenizer: {{path: {tokenizer}}}
model: {{path: {model}, dtype: {dtype}}}
training:
  device: cpu
  sequence_len: {SEQUENCE}
  num_epochs: 1
  micro_batch_size: 1
  gradient_accumulation_steps: 1
  learning_rate: 2.0e-4
""", encoding="utf-8")
    return path


def step_events(work):
    events = []
    for file in work.rglob("metrics.jsonl"):
        events += [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
    return [event for event in events if event.get("event") == "step"]


def hone_tokens_per_second(work, documents, model, dtype):
    home = work / f"hone-{dtype}"
    home.mkdir()
    run([BIN / "hone", "train", write_recipe(home / "recipe.yaml", documents, model, dtype)], cwd=home)
    steps = step_events(home)
    if len(steps) < STEPS:
        sys.exit(f"only {len(steps)} steps were trained")
    times = [step["seconds"] / step["tokens"] for step in steps[2:] if step["tokens"] == SEQUENCE]
    shutil.rmtree(home)
    return 1 / statistics.median(times), len(times)


def eager_tokens_per_second(work, model, flags, spin, count=STEPS):
    ids = work / "ids.json"
    if not ids.exists():
        draw = random.Random(1)
        ids.write_text(json.dumps([draw.randrange(3, 8000) for _ in range(SEQUENCE * STEPS)]))
    environment = dict(os.environ, HF_HUB_OFFLINE="1", **({"GOMP_SPINCOUNT": "1000"} if spin else {}))
    done = run([peer_python(), SHARED / "peers/eager_loop.py", model, ids, "--sequence", SEQUENCE, "--steps", count, *flags],
               env=environment)
    return json.loads(done.stdout.splitlines()[-1])["tokens_per_s"]


def best_eager(work, model, flags):
    """Of the two settings the better; a machine without the instructions takes minutes a step, and then three of them are enough."""
    first = eager_tokens_per_second(work, model, flags, True, count=3)
    if first < SEQUENCE / 20:
        return first
    return max(eager_tokens_per_second(work, model, flags, spin) for spin in (True, False))


def throughput(work):
    model = make_model("135m", work)
    documents = write_documents(work, 40_000)  # some 20 steps of 512 tokens
    for dtype, flags in (("float32", []), ("bfloat16", ["--bf16"])):
        ours, steps = hone_tokens_per_second(work, documents, model, dtype)
        theirs = best_eager(work, model, flags)
        print(f"throughput {dtype:8s} hone {ours:6.1f} tokens/s (median of {steps} steps), "
              f"eager PyTorch {theirs:6.1f} tokens/s: {ours / theirs:.2f}×", flush=True)


def adapter_steps(work, documents, model, kind):
    """Median seconds of a step, and the largest resident set of the program in bytes."""
    home = work / kind
    home.mkdir()
    recipe = write_recipe(home / "recipe.yaml", documents, model)
    recipe.write_text(recipe.read_text(encoding="utf-8").replace("dtype: float32}", f"dtype: float32, adapter: {kind}}}"), encoding="utf-8")
    script = ("import resource, subprocess, sys; code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode; "
              "print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)")
    code, memory = run([sys.executable, "-c", script, BIN / "hone", "train", recipe], cwd=home).stdout.split()
    steps = step_events(home)
    if code != "0" or len(steps) < STEPS:
        sys.exit(f"hone train with {kind} ended with {code} after {len(steps)} steps")
    seconds = [step["seconds"] for step in steps[2:] if step["tokens"] == SEQUENCE]
    shutil.rmtree(home)
    return statistics.median(seconds), int(memory)


def adapters(work):
    model = make_model("135m", work)
    documents = write_documents(work, 40_000)
    lora, lora_memory = adapter_steps(work, documents, model, "lora")
    qlora, qlora_memory = adapter_steps(work, documents, model, "qlora")
    print(f"adapters   135M float32: a step of QLoRA takes {qlora / lora:.2f} times one of LoRA ({qlora:.3f} s, {lora:.3f} s) and "
          f"{qlora_memory / lora_memory:.2f} times its memory ({qlora_memory / 2**20:.0f} MiB, {lora_memory / 2**20:.0f} MiB)", flush=True)


def start(work):
    model = make_model("15m", work)
    home = work / "start"
    home.mkdir()
    recipe = write_recipe(home / "recipe.yaml", write_documents(work, 40_000), model)
    run([BIN / "hone", "tokenize", recipe], cwd=home)
    seconds = []
    for _ in range(3):
        for checkpoints in home.rglob("checkpoints"):
            shutil.rmtree(checkpoints)
        for file in home.rglob("metrics.jsonl"):
            file.unlink()
        begun = time.perf_counter()
        with subprocess.Popen([BIN / "hone", "train", recipe, "--quiet"], cwd=home, stdout=subprocess.DEVNULL) as program:
            while program.poll() is None and not step_events(home):
                time.sleep(0.002)
            seconds.append(time.perf_counter() - begun)
            program.kill()
        if not step_events(home):
            sys.exit("hone train ended before its first step")
    print(f"start      exec to first step, 15M parameters: {min(seconds):.2f} s (best of {len(seconds)}: "
          f"{', '.join(f'{s:.2f}' for s in seconds)})", flush=True)


# What datatrove_clean.py does, by Hone's names.
PEER_RULES = "[normalise, gopher_repetition, gopher_quality, c4, fineweb, personal_data, near_duplicates]"
PEER_PACKAGES = ["datatrove==0.10.0", "numpy<3", "regex", "nltk", "spacy", "tokenizers", "xxhash<4", "orjson", "tldextract"]


def clean_recipe(path, source, rules=""):
    path.write_text(f"name: {path.stem}\nseed: 1\ncorpus:\n  sources: [{{path: {source}, licence: CC-BY-4.0}}]\n"
                    + (f"  rules: {rules}\n" if rules else "")
                    + "model: {shape: {hidden_size: 64, num_hidden_layers: 1, intermediate_size: 128}}\n", encoding="utf-8")
    return path


def measured_clean(recipe, runs, threads):
    """Wall seconds, processor seconds of hone and its readers, and the largest resident set of one process in bytes."""
    script = ("import resource, subprocess, sys, time; begun = time.perf_counter(); "
              "code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode; "
              "used = resource.getrusage(resource.RUSAGE_CHILDREN); "
              "print(code, time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)")
    done = run([sys.executable, "-c", script, BIN / "hone", "clean", recipe, "--runs", runs, "--threads", threads, "--quiet"], cwd=recipe.parent)
    code, wall, cpu, memory = done.stdout.split()
    if code != "0":
        sys.exit(f"hone clean {recipe} ended with {code}")
    return float(wall), float(cpu), int(memory)


def make_bulk(path, megabytes):
    run([sys.executable, SHARED / "corpora/make_bulk.py", "--mb", megabytes, "--out", path])
    return json.loads(path.with_suffix(".BULK.json").read_text())["documents"]


def datatrove_python():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache"))
    folder = cache / "hone" / f"datatrove-{hashlib.sha256(' '.join(PEER_PACKAGES).encode()).hexdigest()[:12]}"
    if not (folder / "ready").exists():
        run([sys.executable, "-m", "venv", folder])
        run([folder / "bin/pip", "install", "--quiet", *PEER_PACKAGES])
        (folder / "ready").touch()
    return folder / "bin/python"


def clean(work, megabytes=100):
    home = work / "clean"
    home.mkdir()
    few = make_bulk(home / "small.jsonl", megabytes / 5)
    many = make_bulk(home / "bulk.jsonl", megabytes)
    size = (home / "bulk.jsonl").stat().st_size / 1e6
    small_memory = measured_clean(clean_recipe(home / "small.yaml", "small.jsonl"), home / "runs", 1)[2]
    wall, cpu, memory = measured_clean(clean_recipe(home / "bulk.yaml", "bulk.jsonl"), home / "runs", 1)
    shutil.rmtree(home / "runs")
    both, _, _ = measured_clean(home / "bulk.yaml", home / "runs", 2)
    print(f"clean      {size:.0f} MB of JSON Lines, {many} documents: {size / cpu:.1f} MB/s per core ({wall:.1f} s, {cpu:.1f} s of processor time); "
          f"two threads {wall / both:.2f}×; {(memory - small_memory) / (many - few):.0f} bytes of memory a document", flush=True)
    ours = measured_clean(clean_recipe(home / "equal.yaml", "bulk.jsonl", PEER_RULES), home / "runs", 1)[1]
    peer = run([datatrove_python(), SHARED / "peers/datatrove_clean.py", home / "bulk.jsonl", "--limit", "1000"])
    theirs = json.loads(peer.stdout.splitlines()[-1])["all_MB_per_s"]
    print(f"clean      the filters of datatrove: hone {size / ours:.1f} MB/s per core with reading and writing, datatrove {theirs:.2f} MB/s "
          f"without: {size / ours / theirs:.0f}×", flush=True)


THEIR_ENCODING = """
import json, sys, time
from tokenizers import Tokenizer
tokenizer = Tokenizer.from_file(sys.argv[1])
documents = [text for text in open(sys.argv[2], encoding="utf-8", newline="").read().split("\\x1e") if text]
best = 1e9
for _ in range(3):
    begun = time.process_time()
    tokens = sum(len(tokenizer.encode(text, add_special_tokens=False).ids) for text in documents)
    best = min(best, time.process_time() - begun)
print(json.dumps({"tokens": tokens, "seconds": best}))
"""


def encode(work, megabytes=4):
    """Texts that spell a special token are left out: there it is text for Hone and a token for the library."""
    pages = [page.read_text(encoding="utf-8", errors="replace") for page in sorted((SHARED / "corpora").rglob("*.md"))]
    korean = [text for text in pages if sum("가" <= c <= "힣" for c in text) > len(text) / 5]
    for language, texts in (("English", [text for text in pages if text.isascii()]), ("Korean", korean)):
        file = work / f"{language}.txt"
        for name in ("bpe_llama3", "bpe_qwen2", "llama2_as_json"):
            vocabulary = SHARED / "golden/tokenizers" / name / "tokenizer.json"
            special = [token["content"] for token in json.loads(vocabulary.read_text(encoding="utf-8"))["added_tokens"] if token["special"]]
            whole = "\x1e".join(text.replace("\x1e", " ") for text in texts if not any(token in text for token in special))
            file.write_text("\x1e".join([whole] * (1 + int(megabytes * 1e6) // len(whole.encode()))), encoding="utf-8", newline="")
            ours = json.loads(run([BIN.parent / "tests/tokenizer_speed", vocabulary, file]).stdout)
            theirs = json.loads(run([peer_python(), "-c", THEIR_ENCODING, vocabulary, file], env=dict(os.environ, TOKENIZERS_PARALLELISM="false")).stdout)
            if ours["tokens"] != theirs["tokens"]:
                sys.exit(f"{name}: {ours['tokens']} tokens of {language} text, {theirs['tokens']} by the library")
            size = file.stat().st_size / 1e6
            print(f"encode     {name:14s} {language:7s} hone {size / ours['seconds']:5.1f} MB/s per core, tokenizers {size / theirs['seconds']:4.1f} MB/s: "
                  f"{theirs['seconds'] / ours['seconds']:.1f}×", flush=True)


def as_files(bulk, folder, ending):
    """One file a document; what was written first has nothing new about it."""
    paths = []
    for number, line in enumerate(bulk.open(encoding="utf-8")):
        row = json.loads(line)
        text = row["text"]
        if ending == "html":
            blocks = "".join(f"<p>{html.escape(block)}</p>\n" for block in text.split("\n\n"))
            text = f"<!doctype html><html><head><title>{row['id']}</title></head><body><nav>Home</nav><main>{blocks}</main></body></html>"
        path = folder / f"{number % 97:02d}" / f"{row['id']}.{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


def again(work, megabytes=70):
    for ending in ("md", "html"):
        home = work / f"again-{ending}"
        home.mkdir()
        make_bulk(home / "bulk.jsonl", megabytes)
        paths = as_files(home / "bulk.jsonl", home / "documents", ending)
        held = random.Random(1).sample(paths, len(paths) // 100)
        away = home / "away"
        away.mkdir()
        for path in held:
            path.rename(away / path.name)
        time.sleep(2.5)  # files that have just changed are read twice
        recipe = clean_recipe(home / "again.yaml", "documents")
        first = measured_clean(recipe, home / "runs", 1)[1]
        for path in held:
            (away / path.name).rename(path)
        second = measured_clean(recipe, home / "runs", 1)[1]
        alone = measured_clean(recipe, home / "elsewhere", 1)[1]
        same = [{name.name: name.read_bytes() for name in sorted(root.glob("again/*/corpus/*.zst"))[-2:]} for root in (home / "elsewhere",)][0]
        written = max((home / "runs/again").glob("*/corpus/MANIFEST.json"), key=lambda file: file.stat().st_mtime).parent
        if any((written / name).read_bytes() != content for name, content in same.items()):
            sys.exit("what was cleaned again differs from what is cleaned from nothing")
        print(f"again      {len(paths)} {ending} files, 1 % of them new: {second:.2f} s of processor time after {first:.2f} s, {100 * second / first:.1f} % "
              f"(all of them from nothing: {alone:.2f} s; the same bytes)", flush=True)
        shutil.rmtree(home)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=["throughput", "adapters", "start", "clean", "encode", "again"])
    chosen = parser.parse_args().what
    if not (SHARED / "peers").is_dir():
        sys.exit(f"no reference programs in {SHARED}: set HONE_SHARED")
    work = pathlib.Path(tempfile.mkdtemp(prefix="hone-bench-"))
    try:
        for name in chosen:
            {"throughput": throughput, "adapters": adapters, "start": start, "clean": clean, "encode": encode, "again": again}[name](work)
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
