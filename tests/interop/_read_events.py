"""Reads a run's TensorBoard events with TensorBoard's own reader, which checks every record's CRC.
usage: _read_events.py RUN_FOLDER"""

import json
import math
import pathlib
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

run = pathlib.Path(sys.argv[1])
files = sorted(run.rglob("events.out.tfevents.*"))
assert files, f"no event file in {run}"
events = EventAccumulator(str(files[0].parent), size_guidance={"scalars": 0})
events.Reload()
tags = events.Tags()["scalars"]
print(f"{files[0].name}: {', '.join(tags)}")
assert tags, "no scalars"

lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
losses = [line["loss"] for line in lines if line["event"] == "step"]
train = "train/loss"
assert train in tags and "validation/loss" in tags, "a loss is missing among the scalars"
read = [event.value for event in events.Scalars(train)]
assert read and all(math.isfinite(value) for value in read)
# TensorBoard keeps float32.
assert len(read) == len(losses), f"{len(read)} values of {train}, metrics.jsonl has {len(losses)}"
assert all(abs(a - b) <= 1e-5 * max(1.0, abs(b)) for a, b in zip(read, losses)), "other values than metrics.jsonl"
assert [event.step for event in events.Scalars(train)] == sorted(event.step for event in events.Scalars(train))
print(f"{len(read)} training losses, as in metrics.jsonl")
