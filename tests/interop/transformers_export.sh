#!/usr/bin/env bash
# The folder that Hone exports loads in transformers with the same logits: from random weights, and continued from other people's
# LLaMA and Qwen2 folders (grouped heads, scaled rotary positions, biases, shards).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/_environment.sh"
source "$here/_tiny_run.sh"

compare() {
  echo "== $1"
  "$python" "$here/_compare_logits.py" "$hone" "$exported"
}

tiny_run
compare "random weights, trained vocabulary"

golden=$(realpath -m "${HONE_GOLDEN:-${HONE_SHARED:-$source_folder/../shared}/golden}")
for model in llama2 llama3 qwen2 llama_sharded; do
  if [ ! -e "$golden/models/$model/config.json" ]; then
    echo "== $model: skipped, no golden models (HONE_GOLDEN)"
    continue
  fi
  rm -rf "$work"/runs
  # llama2's vocabulary is the smallest of the four, so its ids are words of them all.
  tiny_run "tokenizer: {path: $golden/models/llama2/tokenizer.model}
model: {path: $golden/models/$model}"
  compare "continued from $model"
done
