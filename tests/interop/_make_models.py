"""Writes one small random model a family and kind of positions, as transformers saves it, for Hone to go on from.
usage: _make_models.py VOCABULARY_SIZE FOLDER"""

import pathlib
import sys

import torch
from transformers import AutoModelForCausalLM, LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config

words, root = int(sys.argv[1]), pathlib.Path(sys.argv[2])
COMMON = dict(vocab_size=words, hidden_size=48, intermediate_size=80, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2,
              max_position_embeddings=256, bos_token_id=1, eos_token_id=2)
ALTERNATE = ["sliding_attention", "full_attention", "sliding_attention"]
MODELS = {
    "mistral": MistralConfig(sliding_window=12, head_dim=16, **COMMON),
    "mistral_without_window": MistralConfig(sliding_window=None, tie_word_embeddings=True, **COMMON),
    "qwen2": Qwen2Config(use_sliding_window=True, sliding_window=12, max_window_layers=1, **COMMON),
    "qwen3": Qwen3Config(head_dim=20, use_sliding_window=True, sliding_window=12, layer_types=ALTERNATE, tie_word_embeddings=True, **COMMON),
    "qwen3_yarn": Qwen3Config(head_dim=12, attention_bias=True, rope_parameters={
        "rope_type": "yarn", "rope_theta": 1e6, "factor": 4.0, "original_max_position_embeddings": 64, "mscale": 0.8, "mscale_all_dim": 1.1,
        "beta_fast": 16, "truncate": False}, **COMMON),
    "llama_dynamic": LlamaConfig(attention_bias=True, mlp_bias=True, rope_parameters={
        "rope_type": "dynamic", "rope_theta": 10000.0, "factor": 2.0}, **dict(COMMON, max_position_embeddings=64)),
    "llama_linear": LlamaConfig(head_dim=14, rope_parameters={"rope_type": "linear", "rope_theta": 10000.0, "factor": 2.0}, **COMMON),
    "llama_llama3": LlamaConfig(rope_parameters={
        "rope_type": "llama3", "rope_theta": 5e5, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 64}, **COMMON),
}
DTYPES = {"mistral_without_window": torch.float16, "qwen2": torch.bfloat16}

torch.manual_seed(7)
for name, config in MODELS.items():
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
    model.to(DTYPES.get(name, torch.float32)).save_pretrained(root / name)
    print(name)
