#!/usr/bin/env python3
"""Makes tests/fixtures/optimizers/muon.json: weights after three steps of torch.optim.Muon on small matrices, as it is (its
Newton-Schulz iteration rounds to bfloat16) and with that iteration in float32; and schedules.json: the factors of transformers'
get_wsd_schedule with a linear decay. Needs torch==2.11.0 and transformers==5.23.0: python3 tests/golden/generate_optimizers.py"""
import json, pathlib, unittest.mock

import torch
from transformers.optimization import get_wsd_schedule

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "optimizers"
SHAPES, STEPS = [(6, 4), (4, 6), (5, 5), (1, 7)], 3
OPTIONS = dict(lr=0.02, weight_decay=0.1, momentum=0.95, ns_steps=5)


def listed(tensor):
    return [float(value) for value in tensor.detach().flatten()]


def trained(shape, gradients, start):
    weight = torch.nn.Parameter(start.clone())
    optimizer = torch.optim.Muon([weight], nesterov=True, adjust_lr_fn="original", **OPTIONS)
    for gradient in gradients:
        weight.grad = gradient.clone()
        optimizer.step()
    return listed(weight)


def muon():
    torch.manual_seed(11)
    cases = []
    for shape in SHAPES:
        start, gradients = torch.randn(shape), [torch.randn(shape) for _ in range(STEPS)]
        case = {"shape": shape, "weight": listed(start), "gradients": [listed(g) for g in gradients], "bfloat16": trained(shape, gradients, start)}
        with unittest.mock.patch.object(torch.Tensor, "bfloat16", lambda tensor: tensor.clone()):
            case["float32"] = trained(shape, gradients, start)
        cases.append(case)
    return {"torch": torch.__version__, **OPTIONS, "cases": cases}


def wsd():
    cases = []
    for steps, warmup, decay, final in ((50, 5, 10, 0.0), (50, 0, 20, 0.1), (30, 3, 27, 0.25)):
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
        schedule = get_wsd_schedule(optimizer, num_warmup_steps=warmup, num_decay_steps=decay, num_training_steps=steps, min_lr_ratio=final, decay_type="linear")
        rates = []
        for _ in range(steps):
            rates.append(schedule.get_last_lr()[0])
            optimizer.step()
            schedule.step()
        cases.append({"steps": steps, "warmup_steps": warmup, "decay_steps": decay, "final_ratio": final, "rates_used_by_step": rates})
    return cases


FOLDER.mkdir(parents=True, exist_ok=True)
(FOLDER / "muon.json").write_text(json.dumps(muon(), indent=1) + "\n")
(FOLDER / "schedules.json").write_text(json.dumps(wsd(), indent=1) + "\n")
