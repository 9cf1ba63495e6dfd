"""A training killed with SIGKILL, at chosen steps and in the middle of saving, and started again ends with the bytes of one never
killed. In the middle of saving: at the Nth rename, fsync or write of the process, which strace can arrange."""

import shutil
import signal
import subprocess

from _world import Trials, last_bytes, start, steps_done, train, wait_for_step


def killed_at_steps(trials, expected):
    folder = trials.folder("killed-at-steps")
    for step in (0, 3, 8, 13, 15, 21, 27):
        process = start(folder)
        wait_for_step(folder, process, step)
        process.send_signal(signal.SIGKILL)
        trials.expect(process.wait() == -signal.SIGKILL, f"killed at step {steps_done(folder)}")
    status, talk = train(folder)
    trials.expect(status == 0, "the last start goes to the end" + ("" if status == 0 else ":\n" + talk))
    trials.expect(last_bytes(folder) == expected, "killed seven times, the same bytes")


def killed_in_system_calls(trials, expected):
    if not shutil.which("strace") or subprocess.run(["strace", "-f", "-o", "/dev/null", "true"], check=False).returncode != 0:
        print("skipped: kills inside system calls need strace and the right to trace")
        return
    for call, moments in (("rename", (1, 2, 3, 4)), ("fsync", (3, 9, 16, 31)), ("unlink,unlinkat,rmdir", (2, 7, 20))):
        folder = trials.folder("killed-in-" + call.split(",")[0])
        for when in moments:
            status, _ = train(folder, ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
                                       "-e", f"inject={call}:signal=SIGKILL:when={when}"])
            trials.expect(status in (0, -signal.SIGKILL), f"{call} number {when}: {'killed' if status else 'never reached'}")
        status, talk = train(folder)
        trials.expect(status == 0, f"after kills in {call} it goes to the end" + ("" if status == 0 else ":\n" + talk))
        trials.expect(last_bytes(folder) == expected, f"after kills in {call}, the same bytes")


trials = Trials()
_, bytes_of_whole = trials.whole()
killed_at_steps(trials, bytes_of_whole)
killed_in_system_calls(trials, bytes_of_whole)
trials.end()
