"""The config.json that Hone wrote means to transformers what the one it read meant.
usage: _compare_configs.py READ WRITTEN"""

import sys

from transformers import AutoConfig

read, written = (AutoConfig.from_pretrained(folder) for folder in sys.argv[1:])
assert type(read) is type(written), f"{type(read).__name__} became {type(written).__name__}"

# Hone sets the ids of its vocabulary; dtype is the export's; layer_types says more than max_window_layers.
OWN = {"transformers_version", "dtype", "bos_token_id", "eos_token_id", "pad_token_id", "_name_or_path", "max_window_layers"}
before, after = read.to_dict(), written.to_dict()
for key in sorted(before.keys() - OWN - {"rope_parameters", "sliding_window"}):
    assert key in after and before[key] == after[key], f"{key} was {before[key]} and is {after.get(key)}"
if "sliding_attention" in (getattr(read, "layer_types", None) or []) or read.model_type == "mistral":
    assert read.sliding_window == written.sliding_window, f"sliding_window was {read.sliding_window} and is {written.sliding_window}"
for key, value in read.rope_parameters.items():
    assert value == written.rope_parameters.get(key), f"{key} of rope_parameters was {value} and is {written.rope_parameters.get(key)}"
print("config: the same")
