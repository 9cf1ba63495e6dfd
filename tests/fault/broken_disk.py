"""Disks that are full, fail, or have changed what they hold. Nothing broken is ever taken for a checkpoint; what was good stays;
once the trouble is over the run ends with the bytes of one that had none."""

import shutil
import subprocess

from _world import Trials, checkpoints, last_bytes, run_folder, start, train, wait_for_step

DATA, STORAGE = 3, 5


def can_trace():
    return shutil.which("strace") and subprocess.run(["strace", "-f", "-o", "/dev/null", "true"], check=False).returncode == 0


def failing_calls(trials, expected):
    if not can_trace():
        print("skipped: failing system calls need strace and the right to trace")
        return
    for call, error, moments in (("fsync", "EIO", (2, 11, 25)), ("rename", "EIO", (2, 4)), ("mkdir", "ENOSPC", (3, 6)),
                                 ("write", "ENOSPC", (30, 60))):
        folder = trials.folder(f"{call}-{error}")
        for when in moments:
            status, talk = train(folder, ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
                                          "-e", f"inject={call}:error={error}:when={when}"])
            trials.expect(status in (STORAGE, 0), f"{call} number {when} fails with {error}: exit {status}")
            if status == STORAGE:
                trials.expect("error:" in talk and "/" in talk, "and the place is named")
        status, talk = train(folder)
        trials.expect(status == 0, f"{call}: it goes to the end afterwards" + ("" if status == 0 else ":\n" + talk))
        trials.expect(last_bytes(folder) == expected, f"{call}: the same bytes")


def flipped(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def part_of_a_run(trials, name):
    folder = trials.folder(name)
    process = start(folder)
    wait_for_step(folder, process, 23)
    process.kill()
    process.wait()
    trials.expect(len(checkpoints(folder)) > 1, f"{name}: there are checkpoints to spoil")
    return folder


def spoilt_checkpoints(trials, expected):
    spoils = {
        "flipped-weights": lambda newest: flipped(newest / "model.safetensors"),
        "short-optimizer": lambda newest: (newest / "optimizer.safetensors").write_bytes(
            (newest / "optimizer.safetensors").read_bytes()[:-1000]),
        "no-state": lambda newest: (newest / "state.json").unlink(),
        "no-manifest": lambda newest: (newest / "MANIFEST.json").unlink(),
        "odd-manifest": lambda newest: (newest / "MANIFEST.json").write_text('{"schema": 1, "files": ['),
    }
    for name, spoil in spoils.items():
        folder = part_of_a_run(trials, name)
        newest = checkpoints(folder)[-1]
        spoil(newest)
        status, talk = train(folder)
        trials.expect(status == 0 and newest.name in talk, f"{name}: passed over by name, exit {status}")
        trials.expect(last_bytes(folder) == expected, f"{name}: the same bytes")


def nothing_left(trials):
    folder = part_of_a_run(trials, "all-spoilt")
    for checkpoint in checkpoints(folder):
        flipped(checkpoint / "model.safetensors")
    status, talk = train(folder)
    trials.expect(status == DATA and "model.safetensors" in talk, f"no good checkpoint left: exit {status}, not a silent new start")
    shutil.rmtree(run_folder(folder) / "checkpoints")
    trials.expect(train(folder)[0] == 0, "and what it advises works")


trials = Trials()
_, bytes_of_whole = trials.whole()
spoilt_checkpoints(trials, bytes_of_whole)
nothing_left(trials)
failing_calls(trials, bytes_of_whole)
trials.end()
