"""Training an adapter: what is in its folders, that a run killed and started again ends with the same bytes (dropout among them),
and that a base which is not there, or is another one, is never trained on silently."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

import _world
from _world import HONE, RECIPE, environment, start, steps_done, wait_for_step, write_documents

ADAPTER = """name: adapter
seed: 3
corpus:
  sources: [{path: docs/*.txt, licence: CC0-1.0}]
  rules: [normalise]
  split: {validation: 0.1}
tokenizer: {add_tokens: [quiet houses, gardens]}
model:
  path: base
  adapter: lora
  lora: {r: 4, alpha: 8, dropout: 0.2, use_dora: true, use_rslora: true, target_modules: [q_proj, v_proj, down_proj], modules_to_save: [embed_tokens]}
training:
  device: cpu
  sequence_len: 64
  num_epochs: 2
  micro_batch_size: 4
  gradient_accumulation_steps: 3
  learning_rate: 2.0e-3
  save: {strategy: steps, steps: 7}
export: {dtype: float32}
"""


def hone(folder, *arguments):
    done = subprocess.run([HONE, *arguments], cwd=folder, capture_output=True, text=True, timeout=300, env=environment(), check=False)
    return done.returncode, done.stdout, done.stderr


class Checks:
    def __init__(self):
        self.failed = 0

    def expect(self, true, what):
        print(("ok      " if true else "FAILED  ") + what, flush=True)
        self.failed += not true


def adapter_bytes(run):
    last = sorted((run / "checkpoints").iterdir())[-1]
    return {name: (last / name).read_bytes() for name in ("adapter_model.safetensors", "optimizer.safetensors")}


def the_run(folder):
    (found,) = (path.parent for path in (folder / "runs/adapter").glob("*/recipe.yaml"))
    return found


def make_base(place):
    folder = place / "first"
    folder.mkdir()
    write_documents(folder / "docs")
    (folder / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    status, _, talk = hone(folder, "export", "recipe.yaml")
    assert status == 0, talk
    (exported,) = (folder / "runs").glob("*/*/export/huggingface")
    for name in ("whole", "killed"):
        shutil.copytree(exported, place / name / "base")
        shutil.copytree(folder / "docs", place / name / "docs")
        (place / name / "recipe.yaml").write_text(ADAPTER, encoding="utf-8")


def what_lies_there(checks, folder):
    status, _, talk = hone(folder, "export", "recipe.yaml")
    checks.expect(status == 0, "an adapter is trained and exported" + ("" if status == 0 else ":\n" + talk))
    run = the_run(folder)
    for checkpoint in sorted((run / "checkpoints").iterdir()):
        names = {path.name for path in checkpoint.iterdir()}
        checks.expect("adapter_model.safetensors" in names and "model.safetensors" not in names, f"{checkpoint.name} holds the adapter alone")
    method = json.loads((run / "training/result.json").read_text())["method"]
    checks.expect(method["name"] == "lora" and method["targets"] == ["q_proj", "v_proj", "down_proj"] and 0 < method["share"] < 1, "the method is on record")
    facts = json.loads((run / "export/huggingface/MANIFEST.json").read_text())["facts"]
    checks.expect(facts["parity"]["merging_mean"] < 1e-4 and facts["parity"]["tokens"] > 0, "merging was compared on held-out tokens")
    base_rows = json.loads((folder / "base/config.json").read_text())["vocab_size"]
    rows = json.loads((run / "export/huggingface/config.json").read_text())["vocab_size"]
    checks.expect(rows == base_rows + 2, f"two added tokens, two more rows: {rows}")
    prompt = ("--prompt", "The quiet houses", "--max-tokens", "20", "--ids")
    ways = [("generate", str(run / "export/huggingface"), *prompt), ("generate", "base", "--adapter", str(run / "export/adapter"), *prompt),
            ("generate", str(run / "export/adapter"), "--base", "base", *prompt), ("generate", str(run / "export/adapter"), *prompt)]
    answers = [hone(folder, *way) for way in ways]
    checks.expect(all(answer[0] == 0 for answer in answers) and len({answer[1] for answer in answers}) == 1, "merged, beside its base, and by its own name: the same words")
    status, said, _ = hone(folder, "inspect", "--json", str(run / "checkpoints" / sorted(os.listdir(run / "checkpoints"))[0]))
    checks.expect(status == 0 and "adapter_model.safetensors" in said, "hone inspect looks into it")
    return adapter_bytes(run)


def killed(checks, folder, expected):
    for step in (0, 3, 8):
        process = start(folder)
        wait_for_step(folder, process, step)
        process.send_signal(signal.SIGKILL)
        process.wait()
        checks.expect(True, f"killed at step {steps_done(folder)}")
    status, _, talk = hone(folder, "train", "recipe.yaml")
    checks.expect(status == 0, "the last start goes to the end" + ("" if status == 0 else ":\n" + talk))
    checks.expect(adapter_bytes(the_run(folder)) == expected, "killed three times, the same bytes")


def another_base(checks, folder):
    run = the_run(folder)
    checkpoint = sorted((run / "checkpoints").iterdir())[-1]
    weights = folder / "base/model.safetensors"
    kept = weights.read_bytes()
    weights.write_bytes(kept[:-4] + bytes(4))
    status, said, _ = hone(folder, "plan", "recipe.yaml", "--json")
    checks.expect(status == 0 and json.loads(said)["run"] != str(run.relative_to(folder)), "other weights of the base are another run")
    weights.write_bytes(kept)
    shutil.move(folder / "base", folder / "away")
    status, _, talk = hone(folder, "train", "recipe.yaml")
    checks.expect(status in (2, 3) and "base" in talk, "a base that is gone is named")
    status, _, talk = hone(folder, "generate", str(checkpoint), "--prompt", "a")
    checks.expect(status == 3 and "--base" in talk, "generate asks for it with --base")
    status, _, _ = hone(folder, "generate", str(checkpoint), "--base", "away", "--prompt", "The river", "--max-tokens", "3")
    checks.expect(status == 0, "and takes it from there")


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="hone-adapter-") as name:
        place = pathlib.Path(name)
        make_base(place)
        expected = what_lies_there(checks, place / "whole")
        killed(checks, place / "killed", expected)
        another_base(checks, place / "whole")
    sys.exit(1 if checks.failed else 0)


main()
