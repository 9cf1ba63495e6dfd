"""SIGTERM at any time: the work in hand is saved, the exit status is 143 (a program that has not begun to train may also be
killed by it), and starting again ends with the bytes of a run never stopped. Two runs on one directory: one works, the other
says who has it and exits with 75."""

import signal
import time

from _world import Trials, last_bytes, start, steps_done, train, wait_for_step

BUSY, STOPPED = 75, 143


def stopped_at_steps(trials, expected):
    folder = trials.folder("stopped")
    for step in (0, 2, 9, 14, 22):
        process = start(folder)
        wait_for_step(folder, process, step)
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        _, talk = process.communicate(timeout=120)
        trials.expect(process.returncode == STOPPED, f"SIGTERM after step {steps_done(folder)}: exit {process.returncode}")
        trials.expect(time.monotonic() - began < 20, "within the grace of a scheduler")
        trials.expect("again" in talk, "and it is said how to go on")
    status, talk = train(folder)
    trials.expect(status == 0, "the last start goes to the end" + ("" if status == 0 else ":\n" + talk))
    trials.expect(last_bytes(folder) == expected, "stopped five times, the same bytes")


def stopped_at_once(trials, expected):
    folder = trials.folder("stopped-at-once")
    for delay_s in (0.0, 0.05, 0.2, 0.5):
        process = start(folder)
        time.sleep(delay_s)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=120)
        trials.expect(process.returncode in (STOPPED, -signal.SIGTERM), f"SIGTERM after {delay_s} s: exit {process.returncode}")
    status, _ = train(folder)
    trials.expect(status == 0 and last_bytes(folder) == expected, "then the same bytes")


def two_at_once(trials, expected):
    folder = trials.folder("two")
    first = start(folder)
    wait_for_step(folder, first, 2)
    status, talk = train(folder)
    trials.expect(status == BUSY, f"the second of two exits with {status}")
    trials.expect(str(first.pid) in talk, "and names the process that has the directory")
    first.communicate(timeout=120)
    trials.expect(first.returncode == 0 and last_bytes(folder) == expected, "the first is not disturbed")


trials = Trials()
_, bytes_of_whole = trials.whole()
stopped_at_steps(trials, bytes_of_whole)
stopped_at_once(trials, bytes_of_whole)
two_at_once(trials, bytes_of_whole)
trials.end()
