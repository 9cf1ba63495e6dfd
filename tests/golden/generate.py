#!/usr/bin/env python3
"""Makes tests/fixtures/models/*: tiny models and their figures by transformers, in the layout of the golden figures
(models/NAME/: a Hugging Face folder, reference.json, reference.safetensors), for where those are absent. Each covers a corner that
the golden models leave out. Run with the interoperability environment: python3 tests/golden/generate.py [tests/fixtures/models]
All figures: CPU, one thread, float32, eager attention. Random draws are seeded; versions are written into reference.json."""
import json, pathlib, sys

import torch
import transformers
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

torch.set_num_threads(1)
COMMON = dict(vocab_size=96, max_position_embeddings=128, bos_token_id=1, eos_token_id=2, attn_implementation="eager")
MODELS = {
    # Biases everywhere, positions scaled linearly, heads wider than hidden / heads.
    "llama_biased": (LlamaForCausalLM, LlamaConfig(hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=1, head_dim=10, attention_bias=True, mlp_bias=True, rms_norm_eps=1e-6, tie_word_embeddings=False,
        rope_parameters={"rope_type": "linear", "rope_theta": 5000.0, "factor": 2.0}, **COMMON)),
    # Free head, three key-value heads shared by six, one layer more than two.
    "qwen2_free": (Qwen2ForCausalLM, Qwen2Config(hidden_size=36, intermediate_size=56, num_hidden_layers=3, num_attention_heads=6,
        num_key_value_heads=3, rms_norm_eps=1e-5, tie_word_embeddings=False, use_sliding_window=False,
        rope_parameters={"rope_type": "default", "rope_theta": 1000000.0}, **COMMON)),
}


def norm(model):
    return torch.sqrt(sum(p.grad.double().square().sum() for p in model.parameters())).item()


def nll_by_row(logits, labels):
    return torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1).double(), labels[:, 1:].flatten(), ignore_index=-100,
                                             reduction="none").view(labels.shape[0], -1)


def train(model, ids, labels, mask=None):
    model.zero_grad(set_to_none=True)
    logits = model(input_ids=ids, attention_mask=mask, use_cache=False).logits
    rows = nll_by_row(logits, labels)
    counted = int((labels[:, 1:] != -100).sum())
    (rows.sum() / counted).backward()
    return rows.sum().item() / counted, norm(model), logits.detach(), rows.detach()


def make(name, kind, config, folder):
    torch.manual_seed(sum(name.encode()))
    model = kind(config).float().eval()
    with torch.no_grad():
        for parameter_name, p in model.named_parameters():  # biases and norms too, and larger than at the start of a training
            p.add_(torch.randn_like(p) * (0.02 if "norm" in parameter_name else 0.2 if "bias" in parameter_name else 0.15))
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    ids = torch.randint(3, 96, (2, 24)); ids[:, 0] = 1
    masked = ids.clone(); masked[0, 5:11] = -100; masked[1, 14:] = -100
    padded = torch.randint(3, 96, (3, 16)); lengths = [16, 9, 3]
    mask = torch.tensor([[1] * n + [0] * (16 - n) for n in lengths])
    labels_padded = padded.masked_fill(mask == 0, -100)

    loss, grad_norm, logits, rows = train(model, ids, ids)
    loss_padded, grad_norm_padded, logits_padded, _ = train(model, padded, labels_padded, mask)
    loss_masked, grad_norm_masked, _, _ = train(model, ids, masked)
    gradients = {"grad." + n: p.grad.clone() for n, p in model.named_parameters()}
    generated = []
    for row in range(2):
        prompt = ids[row, :6]
        new = model.generate(prompt[None], max_new_tokens=24, do_sample=False, eos_token_id=2, pad_token_id=0)[0, 6:]
        generated.append({"prompt_ids": prompt.tolist(), "new_ids": new.tolist()})
    rounded = kind.from_pretrained(folder, dtype=torch.bfloat16, attn_implementation="eager").eval()
    with torch.no_grad():
        difference = (rounded(input_ids=ids).logits.float() - logits).abs()
    save_file({"input_ids": ids, "labels_masked": masked, "logits": logits, "input_ids_padded": padded, "labels_padded": labels_padded,
               "attention_mask_padded": mask, "logits_padded": logits_padded * mask[..., None], **gradients}, folder / "reference.safetensors")
    figures = {"model": name, "compute": "float32, eager attention, one thread",
               "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
               "loss": loss, "grad_norm": grad_norm, "row_nll_sum": rows.sum(1).tolist(), "loss_masked": loss_masked,
               "grad_norm_masked": grad_norm_masked, "masked_tokens": int((masked[:, 1:] != -100).sum()), "loss_padded": loss_padded,
               "grad_norm_padded": grad_norm_padded, "lengths_padded": lengths, "generate": generated,
               "bfloat16_compute": {"largest_difference": difference.max().item(), "mean_difference": difference.mean().item()}}
    (folder / "reference.json").write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "fixtures" / "models")
    for name, (kind, config) in MODELS.items():
        make(name, kind, config, root / name)
