#!/usr/bin/env bash
# Every safetensors file that a run leaves behind opens in the safetensors library, with finite values.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/_environment.sh"
source "$here/_tiny_run.sh"
tiny_run
"$python" - "$run_folder" <<'PYTHON'
import pathlib, sys, torch
from safetensors import safe_open
files = sorted(pathlib.Path(sys.argv[1]).rglob("*.safetensors"))
assert any("checkpoints" in str(file) for file in files), "no checkpoint"
for file in files:
    with safe_open(file, "pt") as opened:
        names = list(opened.keys())
        assert names or "optimizer" in file.name, f"{file} is empty"
        for name in names:
            tensor = opened.get_tensor(name)
            assert not tensor.is_floating_point() or bool(torch.isfinite(tensor).all()), f"{file}: {name}"
    print(f"{file.relative_to(sys.argv[1])}: {len(names)} tensors")
PYTHON
