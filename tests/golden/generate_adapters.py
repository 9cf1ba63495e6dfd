#!/usr/bin/env python3
"""Makes tests/fixtures/adapters/*: two tiny models and adapters of them by PEFT, with PEFT's own figures.
  BASE/           a Hugging Face folder: `untied` (Llama with biases, separate head), `tied` (Qwen2)
  BASE/ADAPTER/   adapter_config.json, adapter_model.safetensors as PEFT saves them
                  reference.safetensors  input_ids [2,24], logits, logits_merged, grad.<name in adapter_model.safetensors>
                  reference.json         loss, grad_norm, trainable_parameters, adamw: ten steps as in the golden figures
Run with the interoperability environment: python3 tests/golden/generate_adapters.py [tests/fixtures/adapters]
CPU, one thread, float32, eager attention. B is not zero and magnitudes are off their norms, so that everything shows."""
import json, pathlib, shutil, sys

import peft
import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

torch.set_num_threads(1)
COMMON = dict(vocab_size=96, max_position_embeddings=128, bos_token_id=1, eos_token_id=2, attn_implementation="eager")
BASES = {
    "untied": (LlamaForCausalLM, LlamaConfig(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, attention_bias=True, mlp_bias=True, tie_word_embeddings=False, **COMMON)),
    "tied": (Qwen2ForCausalLM, Qwen2Config(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, tie_word_embeddings=True, use_sliding_window=False, **COMMON)),
}
ADAPTERS = {
    "untied": {
        "partial_rslora": dict(r=6, lora_alpha=9, use_rslora=True, target_modules=["q_proj", "v_proj", "down_proj"]),
        "dora": dict(r=4, lora_alpha=6, use_dora=True, target_modules="all-linear"),
        "patterns": dict(r=4, lora_alpha=8, target_modules=r".*layers\.\d+\.(self_attn\.(k|o)_proj|mlp\.up_proj)",
            rank_pattern={r"layers.0.mlp.up_proj": 7, "k_proj": 2}, alpha_pattern={r"layers.1.self_attn.o_proj": 3, "k_proj": 5}),
        "whole_embeddings": dict(r=3, lora_alpha=6, target_modules=["q_proj", "gate_proj"], modules_to_save=["embed_tokens", "lm_head"]),
        "some_layers": dict(r=2, lora_alpha=4, target_modules=["q_proj", "up_proj"], layers_to_transform=[1], exclude_modules=["mlp.up_proj"]),
    },
    "tied": {
        "dora_rslora": dict(r=5, lora_alpha=4, use_dora=True, use_rslora=True, target_modules=["k_proj", "o_proj", "down_proj"]),
        "kept_tie": dict(r=2, lora_alpha=4, target_modules=["v_proj"], modules_to_save=["embed_tokens"], ensure_weight_tying=True),
        "broken_tie": dict(r=2, lora_alpha=4, target_modules=["v_proj"], modules_to_save=["embed_tokens"]),
        "head_alone": dict(r=2, lora_alpha=4, target_modules=["v_proj"], modules_to_save=["lm_head"]),
    },
}


def trainable(model):
    return [p for p in model.parameters() if p.requires_grad]


def backward(model, ids, labels):
    model.zero_grad(set_to_none=True)
    logits = model(input_ids=ids, use_cache=False).logits
    loss = torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten(), ignore_index=-100)
    loss.backward()
    norm = torch.sqrt(sum(p.grad.double().square().sum() for p in trainable(model))).item()
    return loss.item(), norm, logits.detach()


def adamw(model, steps):
    """As the golden figures: lr 1e-3, betas .9/.999, eps 1e-8, decay 0.01 on everything trained, clipped to norm 1."""
    optimizer = torch.optim.AdamW(trainable(model), lr=1e-3, weight_decay=0.01)
    losses, norms = [], []
    for ids, labels in steps:
        loss, norm, _ = backward(model, ids, labels)
        for p in trainable(model):
            p.grad.mul_(min(1.0, 1.0 / (norm + 1e-6)))
        optimizer.step()
        losses.append(loss)
        norms.append(norm)
    return losses, norms


def gradients(model, stored):
    found = {}
    for name, p in model.named_parameters():
        if p.requires_grad and p.grad is not None:
            plain = name.replace(".default", "").replace(".modules_to_save", "").replace("lora_magnitude_vector.weight", "lora_magnitude_vector")
            found.setdefault(plain, p.grad.clone())
    missing = [name for name in stored if name not in found and not name.endswith("lm_head.weight")]
    assert not missing, missing
    return {"grad." + name: g for name, g in found.items()}


def make(base, name, options, folder):
    torch.manual_seed(sum((base + name).encode()))
    root = folder.parent
    config = LoraConfig(task_type="CAUSAL_LM", **options)
    model = get_peft_model(AutoModelForCausalLM.from_pretrained(root, attn_implementation="eager"), config).float().eval()
    with torch.no_grad():
        for parameter, p in model.named_parameters():
            if p.requires_grad:
                p.add_(torch.randn_like(p) * (0.05 if "lora_B" in parameter else 0.03))
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    described = json.loads((folder / "adapter_config.json").read_text())
    described["base_model_name_or_path"] = ".."
    (folder / "adapter_config.json").write_text(json.dumps(described, indent=1, sort_keys=True) + "\n")
    stored = load_file(folder / "adapter_model.safetensors")
    ids = torch.randint(3, 96, (2, 24)); ids[:, 0] = 1
    loss, norm, logits = backward(model, ids, ids)
    figures = gradients(model, stored)
    train_ids = torch.randint(3, 96, (10, 2, 20)); train_labels = train_ids.clone(); train_labels[1::2, 0, 4:9] = -100
    merged = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(root, attn_implementation="eager"), folder).float().eval().merge_and_unload()
    with torch.no_grad():
        figures["logits_merged"] = merged(input_ids=ids, use_cache=False).logits
    parameters = sum(p.numel() for p in {id(p): p for p in trainable(model)}.values())
    losses, norms = adamw(model, zip(train_ids, train_labels))
    final, _, _ = backward(model, ids, ids)
    save_file({"input_ids": ids, "logits": logits, "train_input_ids": train_ids, "train_labels": train_labels, **figures}, folder / "reference.safetensors")
    facts = {"peft": peft.__version__, "transformers": transformers.__version__, "torch": torch.__version__.split("+")[0], "loss": loss, "grad_norm": norm,
             "trainable_parameters": parameters, "adamw": {"loss": losses, "grad_norm": norms, "final_loss": final}}
    (folder / "reference.json").write_text(json.dumps(facts, indent=1) + "\n")
    print(base, name, f"loss {loss:.4f}", f"{parameters} trained", f"{(figures['logits_merged'] - logits).abs().max():.1e} by merging")


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "tests/fixtures/adapters")
    for base, (kind, config) in BASES.items():
        shutil.rmtree(root / base, ignore_errors=True)
        torch.manual_seed(sum(base.encode()))
        model = kind(config).float().eval()
        with torch.no_grad():
            for p in model.parameters():
                p.add_(torch.randn_like(p) * 0.1)
        model.save_pretrained(root / base)
        for name, options in ADAPTERS[base].items():
            make(base, name, options, root / base / name)


main()
