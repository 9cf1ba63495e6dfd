#include "recipe/training.h"

namespace hone::recipe {

void describe(Binder& bind, SaveOptions& options) {
  bind("strategy", options.strategy, "every epoch is saved, always; steps saves in between as well").free();
  bind("steps", options.steps, "with strategy steps: optimizer steps between checkpoints").in("steps").at_least(1).free();
  bind("keep", options.keep, "newest checkpoints to keep; 0 keeps all").at_least(0).free().also({"save_total_limit"});
  bind("keep_best", options.keep_best, "never rotate away the best by validation loss, and export that one");
}

void describe(Binder& bind, EarlyStoppingOptions& options) {
  bind("patience", options.patience, "epochs without a better validation loss before training ends; 0 is off").in("epochs").at_least(0);
  bind("min_delta", options.min_delta, "how much lower the validation loss must be to count as better").at_least(0);
}

void describe(Binder& bind, LossSpikeOptions& options) {
  bind("deviations", options.deviations, "how far above the recent mean a step's loss is a spike, in standard deviations; 0 is off").at_least(0);
  bind("window", options.window, "recent steps that are compared with").in("steps").range(5, 100'000);
  bind("action", options.action, "report names the documents of the batch; skip also leaves the step out; stop ends the run with exit code 4");
}

void describe(Binder& bind, TrainingOptions& options) {
  bind("objective", options.objective, "pretrain: running text; sft: the answers of instruction data; dpo: chosen over rejected answers");
  bind("chat_template", options.chat_template,
       "how conversations are written for the model: llama3, chatml, mistral, alpaca, or a .jinja file; by default the model's own");
  bind("train_on_inputs", options.train_on_inputs, "sft: train on every token of a conversation, questions among them");
  bind("roles_to_train", options.roles_to_train, "sft: whose words are trained, and the end of their turns");
  bind.section("dpo", options.dpo, "the loss of objective dpo");
  bind("device", options.device, "auto takes CUDA when there is a device, else the CPU");
  bind("threads", options.threads, "CPU threads; 0 takes one for each processor. Weights are byte-equal for equal threads only").at_least(0).free();
  bind("sequence_len", options.sequence_len, "longest stretch of tokens seen at once").in("tokens").range(8, 1'000'000)
      .also({"cutoff_len", "max_length", "max_seq_length", "max_seq_len"});
  bind("sample_packing", options.sample_packing, "fill rows with several documents, each isolated from the others").also({"packing", "neat_packing"});
  bind("group_by_length", options.group_by_length, "without packing: rows of like length make a batch; shuffled among such batches");
  bind.sections("mixture", options.mixture, "how often sources are read; those not named once an epoch");
  bind("micro_batch_size", options.micro_batch_size, "rows in memory at once; auto finds the most that fit").in("rows").range(1, 100'000).word("auto", 0)
      .also({"per_device_train_batch_size"});
  bind("gradient_accumulation_steps", options.gradient_accumulation_steps, "micro batches in an optimizer step").range(1, 100'000);
  bind("gradient_checkpointing", options.gradient_checkpointing, "recompute activations in the backward pass: less memory, a third more time");
  bind("num_epochs", options.num_epochs, "passes over the training tokens; each ends with a checkpoint").in("epochs").range(1, 100'000)
      .also({"num_train_epochs", "epochs"});
  bind("optimizer", options.optimizer, "adamw; adamw_8bit with a quarter of its memory; lion; muon for the matrices inside the layers");
  bind("learning_rate", options.learning_rate, "peak learning rate").range(0, 1).also({"lr"});
  bind("lr_scheduler", options.lr_scheduler, "shape of the decay after warmup").also({"lr_scheduler_type"});
  bind("warmup_steps", options.warmup_steps, "optimizer steps until the peak; below 1, a share of all steps").at_least(0).share()
      .also({"warmup_ratio"});
  bind("lr_decay_steps", options.lr_decay_steps, "wsd: optimizer steps of the closing decay; below 1, a share of all steps").at_least(0).share();
  bind("lr_final_ratio", options.lr_final_ratio, "last learning rate as a share of the peak").share().range(0, 1);
  bind("loraplus_lr_ratio", options.loraplus_lr_ratio, "LoRA+: learning rate of the B matrices over that of the A matrices, about 16").range(1, 1000);
  bind.sections("parameter_groups", options.parameter_groups, "other learning rates and decays for parameters by name");
  bind("freeze", options.freeze, "globs over names of parameters that are not trained, such as model.embed_tokens.*");
  bind("weight_decay", options.weight_decay, "decoupled weight decay").range(0, 1);
  bind("weight_decay_on", options.weight_decay_on, "matrices leaves out norms and biases");
  bind("adam_beta1", options.adam_beta1, "decay of the first moment").range(0, 0.999999);
  bind("adam_beta2", options.adam_beta2, "decay of the second moment").range(0, 0.999999);
  bind("adam_epsilon", options.adam_epsilon, "added to the root of the second moment").range(0, 1);
  bind.section("lion", options.lion, "constants of optimizer lion");
  bind.section("muon", options.muon, "constants of optimizer muon");
  bind("z_loss", options.z_loss, "weight of the squared logarithm of the softmax's sum in the loss, such as 1e-4; 0 is off").range(0, 1);
  bind("neftune_noise_alpha", options.neftune_noise_alpha, "NEFTune: size of the noise on embeddings, such as 5; 0 is off").range(0, 1000);
  bind("ema_decay", options.ema_decay, "decay of a moving average of the weights, which is then validated and exported; 0 is off").range(0, 0.999999);
  bind("max_grad_norm", options.max_grad_norm, "gradients are clipped to this global norm; 0 is off").at_least(0);
  bind("logging_steps", options.logging_steps, "optimizer steps between lines of metrics.jsonl").in("steps").at_least(1).free();
  bind.section("save", options.save, "checkpoints");
  bind.section("early_stopping", options.early_stopping, "ending before num_epochs");
  bind.section("loss_spike", options.loss_spike, "steps whose loss stands out");
}

}  // namespace hone::recipe
