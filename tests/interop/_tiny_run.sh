# shellcheck shell=bash
# Sourced: makes a small run in a temporary folder and sets $run_folder to it, $exported to its Hugging Face folder.
#
# tiny_run [recipe lines that replace the tokenizer and model sections] trains a few steps on Hone's manual: enough for every file to exist,
# and for weights and optimizer to have left their initial values.
source_folder=${HONE_SOURCE:?ctest sets it; by hand: the checkout}
hone=${HONE_BIN:?ctest sets it; by hand: build/release/bin}/hone
work=$(mktemp -d "${TMPDIR:-/tmp}/hone-interop-XXXXXX")
trap '[ -n "${HONE_KEEP_TEMP:-}" ] || rm -rf "$work"' EXIT

tiny_shape='model:
  shape: {hidden_size: 64, num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 2, intermediate_size: 160}'
random_model="tokenizer:
  train: {model_type: unigram, vocab_size: 700, byte_fallback: true}
$tiny_shape"

tiny_run() {
  cat >"$work/recipe.yaml" <<YAML
name: interop
seed: 11
corpus:
  sources:
    - {path: $source_folder/docs/manual/en/0*.md, licence: Apache-2.0}
  rules: [normalise, exact_duplicates]
${1:-$random_model}
training: {num_epochs: 1, sequence_len: 128, micro_batch_size: 4, learning_rate: 1.0e-3, device: cpu}
YAML
  local status=0
  (cd "$work" && "$hone" export recipe.yaml >run.out 2>run.err) || status=$?
  case $status in
    0 | 10 | 11) ;;  # 10 and 11 are verdicts on the model, which is not what is tested here
    *) cat "$work/run.out" "$work/run.err"; echo "hone export ended with $status"; exit 1 ;;
  esac
  exported=$(dirname "$(find "$work" -path '*/export/*' -name config.json | head -n 1)")
  run_folder=$(find "$work/runs" -mindepth 2 -maxdepth 2 -type d | head -n 1)
  [ -e "$exported/config.json" ] || { echo "no Hugging Face folder was exported"; find "$work"; exit 1; }
}
