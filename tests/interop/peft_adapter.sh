#!/usr/bin/env bash
# Adapters go both ways: what PEFT writes Hone reads, what Hone trains PEFT loads, with the same logits. LoRA, rsLoRA, DoRA, partial
# targets, patterns, embeddings trained whole; and the merged export beside it is what transformers loads.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/_environment.sh"
source "$here/_tiny_run.sh"

tiny_run  # a base model of our own
base=$work/base
cp -r "$exported" "$base"

number=0
for options in \
  '{"r": 4, "lora_alpha": 8, "target_modules": "all-linear"}' \
  '{"r": 6, "lora_alpha": 9, "use_rslora": true, "target_modules": ["q_proj", "v_proj"]}' \
  '{"r": 4, "lora_alpha": 6, "use_dora": true, "use_rslora": true, "target_modules": ["k_proj", "down_proj"]}' \
  '{"r": 4, "lora_alpha": 8, "target_modules": ".*(q|up)_proj", "rank_pattern": {"layers.1.mlp.up_proj": 2}, "alpha_pattern": {"q_proj": 3}}' \
  '{"r": 2, "lora_alpha": 4, "target_modules": ["o_proj"], "modules_to_save": ["embed_tokens"], "ensure_weight_tying": true}' \
  '{"r": 2, "lora_alpha": 4, "target_modules": ["o_proj"], "modules_to_save": ["embed_tokens"]}'; do
  echo "== PEFT → Hone: $options"
  number=$((number + 1))
  "$python" "$here/_compare_adapter.py" --make "$base" "$work/theirs-$number" "$options"
  "$python" "$here/_compare_adapter.py" "$hone" "$base" "$work/theirs-$number"
done

for options in \
  'r: 4, alpha: 8' \
  'r: 4, alpha: 6, use_rslora: true, use_dora: true, target_modules: [q_proj, down_proj]' \
  'r: 2, alpha: 4, dropout: 0.1, modules_to_save: [embed_tokens]'; do
  echo "== Hone → PEFT: $options"
  rm -rf "$work"/runs
  tiny_run "model: {path: $base, adapter: lora, lora: {$options}}"
  "$python" "$here/_compare_adapter.py" "$hone" "$base" "$(dirname "$exported")/adapter"
  "$python" "$here/_compare_logits.py" "$hone" "$exported"
done
echo "adapters agree in both directions"
