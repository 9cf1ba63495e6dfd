"""Adapters between Hone and PEFT: the same logits with base and adapter, whichever of the two wrote the folder.
usage: _compare_adapter.py HONE BASE ADAPTER            what PEFT says of a folder against what Hone says
       _compare_adapter.py --make BASE FOLDER JSON      writes an adapter with PEFT, its B and magnitudes moved off their start"""

import json
import subprocess
import sys
import warnings

import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model

# Two float32 programs that add in another order differ by about 1e-5; a wrong scale or a lost magnitude shows at 1e-2 and above.
TOLERANCE = 1e-4

transformers.logging.set_verbosity_error()
warnings.filterwarnings("ignore")


def load(folder):
    return transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()


def make(base, folder, options):
    torch.manual_seed(3)
    model = get_peft_model(load(base), LoraConfig(task_type="CAUSAL_LM", **json.loads(options)))
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn_like(parameter) * 0.05)
    model.save_pretrained(folder)


def compare(hone, base, adapter):
    plain = load(base)
    model = PeftModel.from_pretrained(load(base), adapter).eval()
    model = model.float()
    generator = torch.Generator().manual_seed(5)
    for length in (1, 17, 60):
        ids = torch.randint(0, plain.config.vocab_size, (length,), generator=generator)
        with torch.no_grad():
            expected = model(input_ids=ids[None]).logits[0]
            without = plain(input_ids=ids[None]).logits[0]
        done = subprocess.run([hone, "inspect", adapter, "--base", base, "--logits", ",".join(map(str, ids.tolist()))],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"hone inspect ended with {done.returncode}: {done.stderr}"
        logits = torch.tensor(json.loads(done.stdout)["logits"])
        difference = (logits - expected).abs().max().item()
        effect = (expected - without).abs().max().item()
        print(f"{length:4d} ids: logits differ by at most {difference:.1e}; the adapter moves them by {effect:.1e}")
        assert difference <= TOLERANCE, "logits differ"
        assert effect > 100 * TOLERANCE, "this adapter would show nothing"


if sys.argv[1] == "--make":
    make(*sys.argv[2:])
else:
    compare(*sys.argv[1:])
