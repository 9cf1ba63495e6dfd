#!/usr/bin/env bash
# The vocabulary that travels with an exported model gives the same ids in transformers as in SentencePiece: trained by Hone,
# and brought along in all the kinds that are read.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/_environment.sh"
source "$here/_tiny_run.sh"

texts=("$source_folder"/tests/fixtures/tokenizer/*.expected.jsonl)
golden=$(realpath -m "${HONE_GOLDEN:-${HONE_SHARED:-$source_folder/../shared}/golden}")
[ ! -e "$golden/tokenizers/texts.jsonl" ] || texts+=("$golden/tokenizers/texts.jsonl")

echo "== trained by Hone"
tiny_run
"$python" "$here/_compare_ids.py" "$exported" "${texts[@]}"

for vocabulary in "$source_folder"/tests/fixtures/tokenizer/*.model "$golden"/tokenizers/*.model; do
  [ -e "$vocabulary" ] || continue
  echo "== $(basename "$vocabulary")"
  rm -rf "$work"/runs
  tiny_run "tokenizer: {path: $vocabulary}
$tiny_shape"
  "$python" "$here/_compare_ids.py" "$exported" "${texts[@]}"
done

echo "== with terms of the recipe's own"
terms=$(mktemp -d)/terms.jsonl
python3 - >"$terms" <<'PYTHON'
import json, random
draw = random.Random(1)
for _ in range(200):
    print(json.dumps({"text": "".join(draw.choice(["쿠버네티스", "<|party|>", "au lait", " ", "x", ", ", "한국어", "\n", "the", "."]) for _ in range(draw.randrange(1, 12)))}))
PYTHON
for vocabulary in "$source_folder"/tests/fixtures/tokenizer/{bpe,unigram}.model; do
  rm -rf "$work"/runs
  tiny_run "tokenizer: {path: $vocabulary, add_tokens: [쿠버네티스, '<|party|>', au lait]}
$tiny_shape"
  "$python" "$here/_compare_ids.py" "$exported" "${texts[@]}" "$terms"
done
