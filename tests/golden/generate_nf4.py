#!/usr/bin/env python3
"""Makes tests/fixtures/nf4/nf4.safetensors: matrices, eight-bit blocks and optimizer steps as bitsandbytes computes them on a CPU.
Run with the interoperability environment plus bitsandbytes 0.50.2 (pip install --no-deps): python3 tests/golden/generate_nf4.py
[tests/fixtures/nf4]. Draws are seeded; one thread; versions are in the file's metadata.

  NAME.weight            what was quantised          NAME.packed, .absmax or .codes, .nested, .offset   how it is stored
  NAME.dense             what comes back, float32    NAME.dense_bfloat16 the same asked for in bfloat16
  map.both, map.positive the dynamic maps            eight.values, .SIGN.exact, .SIGN.table, .SIGN.absmax   eight-bit blocks of 256
  NAME.logits            of tests/fixtures/models/NAME loaded by transformers with its layers in four bits, for its input_ids
  adam.*                 five AdamW steps on moments in eight bits, codes found by midpoints as on a GPU (functional.
                         optimizer_update_8bit_blockwise; on a CPU bitsandbytes rounds to a table, see blockwise_8bit.h)
"""
import pathlib, sys

import bitsandbytes
import bitsandbytes.functional as F
import torch
from safetensors.torch import load_file, save_file

torch.set_num_threads(1)
out = {}


def matrix(name, weight, block_size, double):
    packed, state = F.quantize_4bit(weight, blocksize=block_size, compress_statistics=double, quant_type="nf4")
    out[name + ".weight"] = weight.clone()
    out[name + ".packed"] = packed.flatten()
    if double:
        out[name + ".codes"], out[name + ".nested"] = state.absmax, state.state2.absmax
        out[name + ".offset"] = state.offset.reshape(1)
    else:
        out[name + ".absmax"] = state.absmax
    out[name + ".dense"] = F.dequantize_4bit(packed, state).float()
    state.dtype = torch.bfloat16
    out[name + ".dense_bfloat16"] = F.dequantize_4bit(packed, state)


def exact(values, code, block=256):
    """Codes by midpoints, and absmax, of a flat tensor."""
    padded = torch.nn.functional.pad(values, (0, -values.numel() % block)).view(-1, block)
    absmax = padded.abs().amax(1)
    scaled = padded * (1.0 / absmax.clamp(min=1e-38)).view(-1, 1)
    return torch.bucketize(scaled, (code[:-1] + code[1:]) / 2).to(torch.uint8).flatten()[: values.numel()], absmax


def eight_bits(values):
    out["eight.values"] = values
    for sign, signed in (("both", True), ("positive", False)):
        code = F.create_dynamic_map(signed=signed)
        v = values if signed else values.abs()
        out["map." + sign] = code
        out[f"eight.{sign}.exact"], out[f"eight.{sign}.absmax"] = exact(v, code)
        out[f"eight.{sign}.table"], state = F.quantize_blockwise(v, code=code.clone(), blocksize=256)
        assert torch.equal(state.absmax, out[f"eight.{sign}.absmax"])
        out[f"eight.{sign}.back"] = F.dequantize_blockwise(out[f"eight.{sign}.exact"].clone(), absmax=state.absmax, code=code, blocksize=256)


def adam(count, steps, lr=1e-2, beta1=0.9, beta2=0.99, eps=1e-8, decay=0.1):
    both, positive = F.create_dynamic_map(signed=True), F.create_dynamic_map(signed=False)
    w, m, v = torch.randn(count), torch.zeros(count), torch.zeros(count)
    out["adam.start"] = w.clone()
    for step in range(1, steps + 1):
        g = torch.randn(count) * torch.exp(torch.randn(count))
        out[f"adam.gradient.{step}"] = g.bfloat16()
        g = out[f"adam.gradient.{step}"].float()
        m = m * beta1 + (1.0 - beta1) * g
        v = v * beta2 + (1.0 - beta2) * g * g
        w = w * (1.0 - lr * decay)
        w = w - lr / (1 - beta1**step) * (m / (v.sqrt() / (1 - beta2**step) ** 0.5 + eps))
        codes, absmax = exact(m, both)
        m = F.dequantize_blockwise(codes.clone(), absmax=absmax, code=both, blocksize=256)
        out["adam.first.codes"], out["adam.first.absmax"] = codes, absmax
        codes, absmax = exact(v, positive)
        v = F.dequantize_blockwise(codes.clone(), absmax=absmax, code=positive, blocksize=256)
        out["adam.second.codes"], out["adam.second.absmax"] = codes, absmax
    out["adam.end"] = w


def model(folder):
    """Block 64, double quantisation, computing in float32."""
    import transformers
    how = transformers.BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True,
                                          bnb_4bit_compute_dtype=torch.float32)
    quantised = transformers.AutoModelForCausalLM.from_pretrained(folder, quantization_config=how, dtype=torch.float32, device_map="cpu",
                                                                  attn_implementation="eager").eval()
    assert quantised.is_loaded_in_4bit and quantised.model.layers[0].mlp.up_proj.weight.dtype == torch.uint8
    with torch.no_grad():
        out[folder.name + ".logits"] = quantised(input_ids=load_file(folder / "reference.safetensors")["input_ids"]).logits


torch.manual_seed(7)
matrix("plain", torch.randn(24, 80) * 0.02, 64, False)  # blocks that run over the ends of rows
matrix("double", (torch.randn(160, 128) * torch.exp(0.5 * torch.randn(160, 1)) * 0.02).bfloat16(), 32, True)  # 640 scales
matrix("usual", torch.randn(96, 64) * 0.05, 64, True)
matrix("odd", torch.randn(5, 27), 64, True)  # a short last block and half a byte
blank = torch.randn(4, 64); blank[1] = 0; blank[2] = 1e-39
matrix("blank", blank, 64, False)
code = F.get_4bit_type("nf4", device="cpu")
matrix("midpoints", torch.cat([(code[:-1] + code[1:]) / 2, torch.ones(1)]).repeat(4).view(4, 16), 64, False)
spread = torch.randn(700) * torch.pow(10.0, -7 * torch.rand(700)); spread[512:600] = 0
eight_bits(spread)
adam(4096 + 300, 5)
for name in ("llama_biased", "qwen2_free", "qwen3_tied", "mistral_half_shards"):
    model(pathlib.Path(__file__).parents[1] / "fixtures/models" / name)

folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "tests/fixtures/nf4")
folder.mkdir(parents=True, exist_ok=True)
save_file({k: v.contiguous() for k, v in out.items()}, folder / "nf4.safetensors",
          metadata={"bitsandbytes": bitsandbytes.__version__, "torch": torch.__version__})
