#!/usr/bin/env python3
"""How fast Hone is, as ratios against what its users would use instead, measured in one run on this machine.

  throughput  tokens/s of full fine-tuning, 135M shape, sequence 512, float32 and bfloat16, against shared/peers/eager_loop.py
              (a hand-written PyTorch loop; tried with and without GOMP_SPINCOUNT, its better figure counts)
  start       seconds from exec of `hone train` to the first finished optimizer step, 15M parameters
  clean       MB of text per second and core of `hone clean` on a corpus of shared/corpora/make_bulk.py

Median of the steps after the first two; both programs see rows of 512 tokens, one a step, and train every parameter.
Only a ratio from one run on a quiet machine counts.

usage: ratios.py [throughput] [start] [clean]     needs HONE_SHARED (default ../shared) and, for throughput, the Python of the
                                                  interoperability tests (or HONE_INTEROP_PYTHON)
"""

import argparse
import hashlib
import json
import os
import pathlib
import random
import resource
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


def clean(work, megabytes=40):
    home = work / "clean"
    home.mkdir()
    bulk = home / "bulk.jsonl"
    run([sys.executable, SHARED / "corpora/make_bulk.py", "--mb", megabytes, "--out", bulk])
    recipe = home / "recipe.yaml"
    recipe.write_text("name: bench-clean\nseed: 1\ncorpus:\n  sources: [{path: bulk.jsonl, licence: CC-BY-4.0}]\n"
                      "model: {shape: {hidden_size: 64, num_hidden_layers: 1, intermediate_size: 128}}\n", encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    run([BIN / "hone", "clean", recipe], cwd=home)
    wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    size = bulk.stat().st_size / 1e6
    print(f"clean      {size:.0f} MB of JSON Lines: {size / cpu:.1f} MB/s per core ({wall:.1f} s, {cpu:.1f} s of processor time)",
          flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=["throughput", "start", "clean"])
    chosen = parser.parse_args().what
    if not (SHARED / "peers").is_dir():
        sys.exit(f"no reference programs in {SHARED}: set HONE_SHARED")
    work = pathlib.Path(tempfile.mkdtemp(prefix="hone-bench-"))
    try:
        for name in chosen:
            {"throughput": throughput, "start": start, "clean": clean}[name](work)
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
