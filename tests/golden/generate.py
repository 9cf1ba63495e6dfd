#!/usr/bin/env python3
"""Makes tests/fixtures/numbers/rope.json and tests/fixtures/models/*: tiny models and their figures by transformers, in the layout of the golden figures
(models/NAME/: a Hugging Face folder, reference.json, reference.safetensors, packing.json), for where those are absent. Each covers a
corner that the golden models leave out. Run with the interoperability environment:
    python3 tests/golden/generate.py [--into tests/fixtures] [NAME ...]
All figures: CPU, one thread, float32 (stored weights are widened first), eager attention. Random draws are seeded; the versions are
written into reference.json, and others than those of tests/interop/requirements.txt are refused."""
import argparse, json, pathlib, re

import torch
import transformers
from safetensors.torch import save_file
from transformers import (LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM, Qwen2Config, Qwen2ForCausalLM, Qwen3Config,
                          Qwen3ForCausalLM)

torch.set_num_threads(1)
HERE = pathlib.Path(__file__).parent
COMMON = dict(vocab_size=96, max_position_embeddings=128, bos_token_id=1, eos_token_id=2, attn_implementation="eager")
SMALL = dict(COMMON, vocab_size=56, intermediate_size=28, rms_norm_eps=1e-6)
HALF, BRAIN = torch.float16, torch.bfloat16
MODELS = {
    # Biases everywhere, positions scaled linearly, heads wider than hidden / heads.
    "llama_biased": (LlamaForCausalLM, LlamaConfig(hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=1, head_dim=10, attention_bias=True, mlp_bias=True, rms_norm_eps=1e-6, tie_word_embeddings=False,
        rope_parameters={"rope_type": "linear", "rope_theta": 5000.0, "factor": 2.0}, **COMMON), torch.float32),
    # Free head, three key-value heads shared by six, one layer more than two.
    "qwen2_free": (Qwen2ForCausalLM, Qwen2Config(hidden_size=36, intermediate_size=56, num_hidden_layers=3, num_attention_heads=6,
        num_key_value_heads=3, rms_norm_eps=1e-5, tie_word_embeddings=False, use_sliding_window=False,
        rope_parameters={"rope_type": "default", "rope_theta": 1000000.0}, **COMMON), torch.float32),
    # A window shorter than the rows, heads that do not divide the hidden size.
    "mistral_window": (MistralForCausalLM, MistralConfig(hidden_size=18, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        head_dim=8, sliding_window=6, tie_word_embeddings=False, rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
        **SMALL), BRAIN),
    # No window, float16 in shards.
    "mistral_half_shards": (MistralForCausalLM, MistralConfig(hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=1, sliding_window=None, tie_word_embeddings=False,
        rope_parameters={"rope_type": "default", "rope_theta": 1000000.0}, **SMALL), HALF),
    # Norms of q and k, heads wider than hidden / heads, tied, no biases.
    "qwen3_tied": (Qwen3ForCausalLM, Qwen3Config(hidden_size=20, num_hidden_layers=2, num_attention_heads=3, num_key_value_heads=1,
        head_dim=10, tie_word_embeddings=True, rope_parameters={"rope_type": "default", "rope_theta": 1000000.0}, **SMALL), BRAIN),
    # The same with biases and a free head; every second layer slides; yarn with every key it has.
    "qwen3_window": (Qwen3ForCausalLM, Qwen3Config(hidden_size=16, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2,
        head_dim=6, attention_bias=True, tie_word_embeddings=False, use_sliding_window=True, sliding_window=5,
        layer_types=["full_attention", "sliding_attention"] * 2,
        rope_parameters={"rope_type": "yarn", "rope_theta": 10000.0, "factor": 8.0, "original_max_position_embeddings": 16, "beta_fast": 4.0,
                         "beta_slow": 0.5, "mscale": 0.7, "mscale_all_dim": 1.2, "truncate": False}, **SMALL), BRAIN),
    # The last layers slide.
    "qwen2_window": (Qwen2ForCausalLM, Qwen2Config(hidden_size=16, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2,
        tie_word_embeddings=True, use_sliding_window=True, sliding_window=7, max_window_layers=1,
        rope_parameters={"rope_type": "default", "rope_theta": 1000000.0}, **SMALL), BRAIN),
    # yarn with defaults: cosines and sines are scaled.
    "llama_yarn": (LlamaForCausalLM, LlamaConfig(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=2,
        head_dim=12, tie_word_embeddings=True,
        rope_parameters={"rope_type": "yarn", "rope_theta": 10000.0, "factor": 4.0, "original_max_position_embeddings": 32}, **SMALL), BRAIN),
    # Rows longer than max_position_embeddings: the base of the positions grows with them.
    "llama_dynamic": (LlamaForCausalLM, LlamaConfig(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
        tie_word_embeddings=False, rope_parameters={"rope_type": "dynamic", "rope_theta": 10000.0, "factor": 2.0},
        **dict(SMALL, max_position_embeddings=20)), HALF),
    # llama3 positions over float16 weights.
    "llama3_half": (LlamaForCausalLM, LlamaConfig(hidden_size=24, num_hidden_layers=2, num_attention_heads=3, num_key_value_heads=1,
        tie_word_embeddings=True, rope_parameters={"rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0,
                                                   "high_freq_factor": 4.0, "original_max_position_embeddings": 16}, **SMALL), HALF),
}


# For rope.json: (head_dim, max_position_embeddings, length of the row, rope_parameters).
ROPES = [
    (64, 4096, 4096, {"rope_type": "linear", "rope_theta": 10000.0, "factor": 3.7}),
    (64, 4096, 4097, {"rope_type": "dynamic", "rope_theta": 10000.0, "factor": 2.0}),
    (128, 2048, 30000, {"rope_type": "dynamic", "rope_theta": 500000.0, "factor": 4.0}),
    (6, 16, 17, {"rope_type": "dynamic", "rope_theta": 10000.0, "factor": 1.5}),
    (96, 8192, 8192, {"rope_type": "llama3", "rope_theta": 100000.0, "factor": 2.5, "low_freq_factor": 1.5, "high_freq_factor": 3.0}),
    (128, 131072, 131072, {"rope_type": "yarn", "rope_theta": 1000000.0, "factor": 4.0, "original_max_position_embeddings": 32768,
                           "attention_factor": 0.9}),
    (64, 4096, 4096, {"rope_type": "yarn", "rope_theta": 10000.0, "factor": 40.0, "original_max_position_embeddings": 4096, "mscale": 0.707,
                      "mscale_all_dim": 1.0, "beta_fast": 32, "beta_slow": 1}),
    (64, 4096, 4096, {"rope_type": "yarn", "rope_theta": 10000.0, "factor": 16.0, "original_max_position_embeddings": 256, "mscale": 0.5,
                      "truncate": False}),
    (32, 4096, 4096, {"rope_type": "yarn", "rope_theta": 10000.0, "factor": None, "original_max_position_embeddings": 1000, "beta_fast": 12,
                      "beta_slow": 3}),
    (8, 64, 64, {"rope_type": "yarn", "rope_theta": 100.0, "factor": 2.0, "original_max_position_embeddings": 4}),
    (16, 512, 512, {"rope_type": "yarn", "rope_theta": 10000.0, "factor": 0.5}),
]


def rope_numbers(folder):
    rows = []
    for head_dim, longest, length, parameters in ROPES:
        config = LlamaConfig(hidden_size=head_dim, num_attention_heads=1, head_dim=head_dim, max_position_embeddings=longest,
                             rope_parameters=dict(parameters))
        rotary = transformers.models.llama.modeling_llama.LlamaRotaryEmbedding(config)
        positions = sorted({0, 1, 2, length // 3, length - 1})
        cos, sin = rotary(torch.zeros(1), torch.arange(length)[None])
        ends = [0, head_dim // 2 - 1]
        rows.append({"head_dim": head_dim, "rope_parameters": parameters, "max_position_embeddings": longest, "length": length,
                     "inv_freq": rotary.inv_freq.tolist(), "attention_factor": rotary.attention_scaling, "positions": positions,
                     "cos_first_and_last_frequency": cos[0][positions][:, ends].tolist(),
                     "sin_first_and_last_frequency": sin[0][positions][:, ends].tolist()})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rope.json").write_text("[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n")


def check_versions():
    wanted = dict(re.findall(r"^(\w+)==(\S+)$", (HERE.parent / "interop" / "requirements.txt").read_text(), re.M))
    for module in (torch, transformers):
        have = module.__version__.split("+")[0]
        assert have == wanted[module.__name__], f"{module.__name__} {have}, the figures are of {wanted[module.__name__]}"


def norm(model):
    return torch.sqrt(sum(p.grad.double().square().sum() for p in model.parameters())).item()


def nll_by_row(logits, labels):
    return torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1).double(), labels[:, 1:].flatten(), ignore_index=-100,
                                             reduction="none").view(labels.shape[0], -1)


def fresh(model):
    """Dynamic positions remember the longest row they met; a short one makes them forget, so that each figure is a row's own."""
    with torch.no_grad():
        model(input_ids=torch.tensor([[1]]), use_cache=False)


def train(model, ids, labels, mask=None):
    fresh(model)
    model.zero_grad(set_to_none=True)
    logits = model(input_ids=ids, attention_mask=mask, use_cache=False).logits
    rows = nll_by_row(logits, labels)
    counted = int((labels[:, 1:] != -100).sum())
    (rows.sum() / counted).backward()
    return rows.sum().item() / counted, norm(model), logits.detach(), rows.detach()


def packing(model, vocabulary):
    """Documents on their own: packed, they must give the sum."""
    documents = [torch.randint(3, vocabulary, (n,)) for n in (23, 9, 14)]
    sums, predicted = [], sum(len(d) - 1 for d in documents)
    model.zero_grad(set_to_none=True)
    for document in documents:
        fresh(model)
        rows = nll_by_row(model(input_ids=document[None], use_cache=False).logits, document[None])
        (rows.sum() / predicted).backward()  # gradients add up
        sums.append(rows.sum().item())
    return {"documents": [d.tolist() for d in documents], "nll_sum": sums, "packed_ids": torch.cat(documents).tolist(),
            "packed_nll_sum": sum(sums), "packed_mean_loss": sum(sums) / predicted, "packed_grad_norm_of_mean_loss": norm(model)}


def continuation(model, prompt):
    """Greedy ids with a cache, and the least distance between the first and second logit on the way."""
    fresh(model)
    out = model.generate(prompt[None], max_new_tokens=24, do_sample=False, eos_token_id=2, pad_token_id=0, output_logits=True,
                         return_dict_in_generate=True)
    margin = min((top.values[0, 0] - top.values[0, 1]).item() for top in (each.topk(2) for each in out.logits))
    return out.sequences[0, len(prompt):].tolist(), margin


def make(name, kind, config, dtype, folder):
    torch.manual_seed(sum(name.encode()))
    model = kind(config).float().eval()
    with torch.no_grad():
        for parameter_name, p in model.named_parameters():  # biases and norms too, and larger than at the start of a training
            p.add_(torch.randn_like(p) * (0.02 if "norm" in parameter_name else 0.2 if "bias" in parameter_name else 0.15))
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.safetensors*"):
        old.unlink()
    model.to(dtype).save_pretrained(folder, **({"max_shard_size": "6KB"} if "shards" in name else {}))
    model = kind.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    words = config.vocab_size
    ids = torch.randint(3, words, (2, 24)); ids[:, 0] = 1
    masked = ids.clone(); masked[0, 5:11] = -100; masked[1, 14:] = -100
    padded = torch.randint(3, words, (3, 16)); lengths = [16, 9, 3]
    mask = torch.tensor([[1] * n + [0] * (16 - n) for n in lengths])
    labels_padded = padded.masked_fill(mask == 0, -100)

    loss, grad_norm, logits, rows = train(model, ids, ids)
    loss_padded, grad_norm_padded, logits_padded, _ = train(model, padded, labels_padded, mask)
    loss_masked, grad_norm_masked, _, _ = train(model, ids, masked)
    gradients = {"grad." + n: p.grad.clone() for n, p in model.named_parameters()}
    generated = []
    for row in range(2):
        new, margin = continuation(model, ids[row, :6])
        assert margin > 1e-3, f"{name}: two continuations within {margin}"
        generated.append({"prompt_ids": ids[row, :6].tolist(), "new_ids": new, "smallest_margin": margin})
    packed = packing(model, words)
    rounded = kind.from_pretrained(folder, dtype=torch.bfloat16, attn_implementation="eager").eval()
    fresh(rounded)
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
    (folder / "packing.json").write_text(json.dumps(packed) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--into", type=pathlib.Path, default=HERE.parent / "fixtures")
    parser.add_argument("names", nargs="*", help="only these")
    options = parser.parse_args()
    check_versions()
    rope_numbers(options.into / "numbers")
    for name, (kind, config, dtype) in MODELS.items():
        if not options.names or name in options.names:
            make(name, kind, config, dtype, options.into / "models" / name)
