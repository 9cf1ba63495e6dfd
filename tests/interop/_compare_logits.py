"""Loads an exported folder in transformers and holds it against what Hone says of the same folder.
usage: _compare_logits.py HONE FOLDER"""

import json
import subprocess
import sys

import torch
import transformers

# Two float32 programs that add in another order differ by about 1e-5 at logits of this size; a wrong weight, a lost bias or another
# rotary base shows at 1e-2 and above.
TOLERANCE = 1e-4

hone, folder = sys.argv[1:]
transformers.logging.set_verbosity_error()
model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
info = transformers.AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)[1]
for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
    assert not info.get(kind), f"{kind}: {info[kind]}"
words = model.config.vocab_size


def hone_says(*arguments):
    done = subprocess.run([hone, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"hone {' '.join(arguments)} ended with {done.returncode}: {done.stderr}"
    return done.stdout


generator = torch.Generator().manual_seed(5)
for length in (1, 2, 17, 100):
    ids = torch.randint(0, words, (length,), generator=generator)
    with torch.no_grad():
        expected = model(input_ids=ids[None]).logits[0]
    answer = hone_says("inspect", folder, "--logits", ",".join(map(str, ids.tolist())))
    logits = torch.tensor(json.loads(answer)["logits"])
    assert logits.shape == expected.shape, f"{tuple(logits.shape)} logits, transformers has {tuple(expected.shape)}"
    difference = (logits - expected).abs().max().item()
    print(f"{length:4d} ids: logits differ by at most {difference:.1e} (largest {expected.abs().max():.1f})")
    assert difference <= TOLERANCE, "logits differ"
