"""What the fault tests share: a small training that takes seconds, and what "the same bytes" means.

The documents are drawn from a fixed seed; `prepare` makes corpus, vocabulary and tokens once, so that every trial starts at training.
"""

import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

HONE = pathlib.Path(os.environ["HONE_BIN"]) / "hone"
RECIPE = """name: fault
seed: 3
corpus:
  sources: [{path: docs/*.txt, licence: CC0-1.0}]
  rules: [normalise]
  split: {validation: 0.1}
tokenizer: {train: {vocab_size: 320}}
model:
  shape: {hidden_size: 64, intermediate_size: 160, num_hidden_layers: 2, num_attention_heads: 4, max_position_embeddings: 128}
training:
  device: cpu
  sequence_len: 64
  num_epochs: 2
  micro_batch_size: 4
  gradient_accumulation_steps: 3
  learning_rate: 2.0e-3
  save: {strategy: steps, steps: 7}
"""
WORDS = ("the river carries small boats past quiet houses where people read and write letters about weather bread music winter "
         "gardens old friends and new roads").split()


def write_documents(folder):
    draw = random.Random(3)
    folder.mkdir()
    for number in range(30):
        sentences = (" ".join(draw.choice(WORDS) for _ in range(draw.randrange(6, 14))).capitalize() + "."
                     for _ in range(draw.randrange(8, 30)))
        (folder / f"{number:02d}.txt").write_text(f"Letter {number}.\n\n{' '.join(sentences)}\n", encoding="utf-8")


def command(verb="train"):
    return [str(HONE), verb, "recipe.yaml"]


def environment():
    return {**os.environ, "NO_COLOR": "1", "GOMP_SPINCOUNT": "1000"}


def train(folder, prefix=(), **options):
    """Runs to its end; returns (exit status, stderr)."""
    done = subprocess.run([*prefix, *command()], cwd=folder, capture_output=True, text=True, timeout=300, env=environment(), **options)
    return done.returncode, done.stderr


def start(folder):
    return subprocess.Popen(command(), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment())


def run_folder(folder):
    (found,) = (path.parent for path in (folder / "runs").glob("*/*/recipe.yaml"))
    return found


def steps_done(folder):
    """Optimizer steps that metrics.jsonl tells of; -1 before the first event."""
    steps = -1
    for file in (folder / "runs").glob("*/*/metrics.jsonl"):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.endswith("}"):
                steps = max(steps, json.loads(line)["step"])
    return steps


def wait_for_step(folder, process, step, limit_s=120):
    deadline = time.monotonic() + limit_s
    while steps_done(folder) < step and process.poll() is None:
        if time.monotonic() > deadline:
            raise SystemExit(f"step {step} was not reached within {limit_s} s")
        time.sleep(0.005)


def checkpoints(folder):
    return sorted(path for path in (run_folder(folder) / "checkpoints").iterdir() if path.name.startswith("step-"))


def last_bytes(folder):
    """The manifest of the last checkpoint: it holds the SHA-256 of every other file of it."""
    return (checkpoints(folder)[-1] / "MANIFEST.json").read_bytes()


class Trials:
    """Folders to train in, all starting from the same tokens; a tally of what went wrong."""

    def __init__(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="hone-fault-"))
        self.prepared = self.home / "prepared"
        self.prepared.mkdir()
        write_documents(self.prepared / "docs")
        (self.prepared / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
        subprocess.run(command("tokenize"), cwd=self.prepared, check=True, capture_output=True, env=environment())
        self.wrong = []

    def folder(self, name):
        return pathlib.Path(shutil.copytree(self.prepared, self.home / name))

    def whole(self):
        """A run never stopped, and the bytes it ends with."""
        folder = self.folder("whole")
        status, talk = train(folder)
        if status != 0:
            raise SystemExit(f"training ended with {status}:\n{talk}")
        return folder, last_bytes(folder)

    def expect(self, condition, sentence):
        print(("ok    " if condition else "WRONG ") + sentence, flush=True)
        if not condition:
            self.wrong.append(sentence)

    def end(self):
        shutil.rmtree(self.home, ignore_errors=True)
        sys.exit(1 if self.wrong else 0)
