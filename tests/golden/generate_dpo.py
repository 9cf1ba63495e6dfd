#!/usr/bin/env python3
"""Makes tests/fixtures/dpo/pairs.json: losses, rewards and gradient norms of preference training as TRL computes them, for the forms of
the loss that the golden figures leave out. Policy: tests/fixtures/models/llama_biased; reference: qwen2_free beside it (another model
of the same vocabulary, so nothing cancels). Needs torch, transformers and trl==1.16.0: python3 tests/golden/generate_dpo.py [folder]
CPU, one thread, float32. Label smoothing of the sigmoid loss (conservative DPO) is the mix of TRL's loss with that of the pairs the
other way round; TRL's own `label_smoothing` belongs to its loss types robust and exo_pair, which Hone does not have."""
import collections, json, pathlib, sys

import torch
import transformers
import trl
from transformers import AutoModelForCausalLM
from trl.trainer.dpo_trainer import DPOTrainer
from trl.trainer.utils import add_fused_lm_head

torch.set_num_threads(1)
FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures"
BETA, SMOOTHING, SFT = 0.2, 0.15, 0.7
VARIANTS = {  # loss types, weights, share of pairs the other way round
    "sigmoid": (["sigmoid"], [1.0], 0.0),
    "smoothed": (["sigmoid"], [1.0], SMOOTHING),
    "ipo": (["ipo"], [1.0], 0.0),
    "sigmoid_sft": (["sigmoid", "sft"], [1.0, SFT], 0.0),
    "ipo_sft": (["ipo", "sft"], [1.0, SFT], 0.0),
}


class Alone:
    """What the trainer asks of accelerate, on one process."""
    device = torch.device("cpu")
    gather_for_metrics = gather = staticmethod(lambda tensor: tensor)


def trainer(model, types, weights):
    t = object.__new__(DPOTrainer)
    t.model, t.accelerator, t.beta, t.loss_types, t.loss_weights = model, Alone(), BETA, types, weights
    t.f_divergence_type, t.ld_alpha, t.label_smoothing, t.precompute_ref_logps = "reverse_kl", None, 0.0, True
    t.use_weighting, t.aux_loss_enabled, t._total_train_tokens, t._tp_size = False, False, 0, 1
    t._metrics = {"train": collections.defaultdict(list), "eval": collections.defaultdict(list)}
    return t


def batch_of(pairs, flipped):
    first, second = ("rejected", "chosen") if flipped else ("chosen", "rejected")
    rows = [(p["prompt_ids"], p[first + "_ids"]) for p in pairs] + [(p["prompt_ids"], p[second + "_ids"]) for p in pairs]
    longest = max(len(a) + len(b) for a, b in rows)
    ids, mask, completion = (torch.zeros(len(rows), longest, dtype=torch.long) for _ in range(3))
    for i, (prompt, answer) in enumerate(rows):
        n, m = len(prompt), len(prompt) + len(answer)
        ids[i, :m] = torch.tensor(prompt + answer); mask[i, :m] = 1; completion[i, n:m] = 1
    return dict(input_ids=ids, attention_mask=mask, completion_mask=completion)


def log_probabilities(model, batch):
    logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"], use_cache=False).logits[:, :-1].float()
    each = logits.log_softmax(-1).gather(-1, batch["input_ids"][:, 1:, None]).squeeze(-1)
    return (each * batch["completion_mask"][:, 1:]).sum(1)


def main(folder):
    policy = AutoModelForCausalLM.from_pretrained(FIXTURES / "models/llama_biased", dtype=torch.float32, attn_implementation="eager").eval()
    reference = AutoModelForCausalLM.from_pretrained(FIXTURES / "models/qwen2_free", dtype=torch.float32, attn_implementation="eager").eval()
    draw = torch.Generator().manual_seed(11)
    ids = lambda n: torch.randint(3, 96, (n,), generator=draw).tolist()
    pairs = [dict(prompt_ids=[1] + ids(a), chosen_ids=ids(b) + [2], rejected_ids=ids(c) + [2]) for a, b, c in [(9, 4, 11), (3, 8, 2), (14, 1, 6), (5, 12, 12)]]
    straight = batch_of(pairs, False)
    with torch.no_grad():
        policy_log, reference_log = log_probabilities(policy, straight), log_probabilities(reference, straight)
    for i, p in enumerate(pairs):
        p.update(policy_chosen_logp=policy_log[i].item(), policy_rejected_logp=policy_log[i + len(pairs)].item(),
                 reference_chosen_logp=reference_log[i].item(), reference_rejected_logp=reference_log[i + len(pairs)].item())
    add_fused_lm_head(policy, outputs=("log_probs", "entropy", "mean_logits", "is_top1"))
    figures = dict(beta=BETA, label_smoothing=SMOOTHING, sft_weight=SFT, pairs=pairs, losses={},
                   versions=dict(torch=torch.__version__, transformers=transformers.__version__, trl=trl.__version__))
    chosen, rejected = reference_log.chunk(2)
    for name, (types, weights, share) in VARIANTS.items():
        policy.zero_grad(set_to_none=True)
        t = trainer(policy, types, weights)
        loss = 0.0
        for flipped, part in ((False, 1.0 - share), (True, share)):
            if part == 0.0: continue
            batch = batch_of(pairs, flipped)
            batch["ref_chosen_logps"], batch["ref_rejected_logps"] = (rejected, chosen) if flipped else (chosen, rejected)
            loss = loss + part * t._compute_loss(policy, batch, False)
            if not flipped: metrics = {key: value[-1] for key, value in t._metrics["eval"].items()}
        loss.backward()
        norm = torch.sqrt(sum(p.grad.double().square().sum() for p in policy.parameters() if p.grad is not None)).item()
        figures["losses"][name] = dict(loss=loss.item(), grad_norm=norm, **{key.replace("/", "_"): metrics[key] for key in
            ("rewards/chosen", "rewards/rejected", "rewards/accuracies", "rewards/margins")})
    (folder / "pairs.json").write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else FIXTURES / "dpo"
    target.mkdir(parents=True, exist_ok=True)
    main(target)
