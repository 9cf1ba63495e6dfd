#!/usr/bin/env bash
# Models of every family and kind of rotary positions that transformers writes are read, trained a little and exported; transformers
# reads the export as the same architecture and computes the same logits.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/_environment.sh"
source "$here/_tiny_run.sh"

tiny_run  # for a vocabulary
cp "$run_folder/tokenizer/tokenizer.model" "$work/tokenizer.model"
"$python" "$here/_make_models.py" 704 "$work/models" >"$work/made" 2>"$work/made.err" || { cat "$work/made.err"; exit 1; }

while read -r name; do
  echo "== $name"
  rm -rf "$work/runs"
  tiny_run "tokenizer: {path: $work/tokenizer.model}
model: {path: $work/models/$name}"
  "$python" "$here/_compare_configs.py" "$work/models/$name" "$exported"
  "$python" "$here/_compare_logits.py" "$hone" "$exported"
done <"$work/made"
