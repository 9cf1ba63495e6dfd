#!/usr/bin/env bash
# TensorBoard reads the event files of a run, and finds in them what metrics.jsonl says.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/_environment.sh"
source "$here/_tiny_run.sh"
tiny_run
"$python" "$here/_read_events.py" "$run_folder"
