#!/usr/bin/env bash
# README's first promise, whole: recipes/quickstart.yaml reads Hone's manual, cleans it, trains a vocabulary and a model, exports,
# evaluates and reports; a second run skips everything and says the same. Then what the manual shows a newcomer is tried on it.
# The bound on time is generous (other tests run beside it); the five minutes that are promised are for a machine of one's own.
set -euo pipefail

hone=$HONE_BIN/hone
recipe=$HONE_SOURCE/recipes/quickstart.yaml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export HONE_RUNS=$work/runs NO_COLOR=1

fail() {
  printf 'quickstart: %s\n' "$*" >&2
  [ ! -f first.err ] || tail -n 20 first.err >&2
  exit 1
}

expect_verdict() {  # exit status, file with the closing lines
  local word
  case $1 in
    0) word=PROMOTE ;;
    10) word=REJECT ;;
    11) word=INCONCLUSIVE ;;
    *) fail "ended with exit status $1" ;;
  esac
  [ "$(wc -l <"$2")" -eq 3 ] || fail "not three closing lines but: $(cat "$2")"
  grep -q '^model ' "$2" || fail "the closing lines do not say what came out"
  grep -q "^verdict .*$word" "$2" || fail "exit status $1, but the closing lines do not say $word"
  grep -q '^report .*report\.html$' "$2" || fail "the closing lines do not say where the report is"
}

"$hone" validate "$recipe" >validate.out || fail "the recipe does not validate"
"$hone" plan "$recipe" >plan.out || fail "no plan"
grep -q 'parameters' plan.out || fail "the plan does not say how large the model is"
[ ! -e runs ] || fail "validate or plan wrote something"

status=0
timeout 1100 "$hone" run "$recipe" >first.out 2>first.err || status=$?
expect_verdict "$status" first.out
run=$(echo runs/quickstart/*)
[ -d "$run" ] || fail "not one run directory but: $run"

for file in recipe.yaml run.json metrics.jsonl corpus/documents.jsonl.zst corpus/ledger.jsonl.zst corpus/statistics.json \
  tokenizer/tokenizer.model tokens/train-00000.tokens tokens/validation-00000.tokens evaluation/facts.json evaluation/results.json \
  evaluation/samples/continuations.jsonl export/huggingface/config.json export/huggingface/model.safetensors \
  export/huggingface/tokenizer.model report/report.html report/report.json report/junit.xml; do
  [ -s "$run/$file" ] || fail "$file is missing or empty"
done
for artefact in corpus tokenizer tokens export/huggingface evaluation report; do
  "$hone" inspect "$run/$artefact" >/dev/null || fail "$artefact does not verify"
done
[ -n "$(ls -d "$run"/tensorboard/events.* 2>/dev/null)" ] || fail "no TensorBoard events"

# A checkpoint each epoch was saved, the loss on held-out text fell, and it fell below nothing-learnt by a wide margin.
python3 - "$run" <<'PYTHON' || fail "the training did not learn"
import json, sys
events = [json.loads(line) for line in open(sys.argv[1] + "/metrics.jsonl")]
losses = [event["loss"] for event in events if event["event"] == "validation"]
saved = [event for event in events if event["event"] == "checkpoint" and event["why"] == "epoch"]
epochs = len(losses) - 1
assert epochs >= 5 and len(saved) == epochs, (epochs, len(saved))
assert losses[-1] < 0.7 * losses[0], losses
facts = json.load(open(sys.argv[1] + "/evaluation/facts.json"))["domain"]["all"]
assert facts["tuned"]["bits_per_byte"] < 0.7 * facts["base"]["bits_per_byte"], facts
assert facts["ngram"]["bits_per_byte"] > 0.5, facts
PYTHON

# docs/formats.md shows a reader for token shards; it reads these.
sed -n '/^```python$/,/^```$/p' "$HONE_SOURCE/docs/formats.md" | sed '/^```/d' >shard.py
[ "$(python3 shard.py "$run/tokens/validation-00000.tokens" | wc -l)" -ge 5 ] || fail "the reader in docs/formats.md does not read a shard"

# Again: nothing to do, the same three lines, no byte changed.
find "$run" -type f ! -name LOCK -print0 | sort -z | xargs -0 sha256sum >before.sha256
again=0
timeout 60 "$hone" run "$recipe" >second.out 2>second.err || again=$?
[ "$again" -eq "$status" ] || fail "the second run ended with $again, the first with $status"
cmp first.out second.out || fail "the second run says something else"
sha256sum --quiet --check before.sha256 || fail "the second run changed files"

"$hone" runs list | grep -q quickstart || fail "runs list does not know the run"
"$hone" explain "$run" 04-first-run.md >explain.out || fail "explain does not know 04-first-run.md"
grep -q 'normalise' explain.out || fail "explain does not speak of the rules"
"$hone" generate "$run" --prompt "레시피는" --max-tokens 40 --temperature 0.7 --top-p 0.9 >generated.txt || fail "generate"
iconv -f utf-8 -t utf-8 generated.txt >/dev/null || fail "what the model writes is not UTF-8"

printf 'quickstart: exit status %s; %s\n' "$status" "$(sed -n 2p first.out)"
