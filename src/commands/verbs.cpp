#include "commands/verb.h"

namespace hone::commands {

namespace {

const Option kThreads{"threads", "N", "worker threads for reading and cleaning; results do not depend on it (default: one for each processor)"};
const Option kVerifyInputs{"verify-inputs", "", "read every input file again, also those that look unchanged since they were last cleaned"};

Verb stage(std::string name, std::string help, std::string section, bool needs_engine) {
  Verb verb;
  verb.name = std::move(name);
  verb.positional = "RECIPE";
  verb.least = verb.most = 1;
  verb.help = std::move(help);
  verb.section = std::move(section);
  verb.needs_engine = needs_engine;
  verb.options = {kThreads, kVerifyInputs};
  return verb;
}

Verb clean() {
  Verb verb = stage("clean", "clean the corpus", "corpus", false);
  verb.positional = "RECIPE [SHARD…]";
  verb.most = 10000;
  verb.details =
      "What cleaning found out about a document is remembered beside the runs, so that a second run costs what is new.\n"
      "Past one machine: --shard i/n on each of them, then --shards n (or --merge and the shards' folders) on one.";
  verb.options.push_back({"dry-run", "", "show what would change against the last finished corpus of this name; nothing is written in the runs"});
  verb.options.push_back({"shard", "I/N", "read and judge only the I-th of N shares of the files"});
  verb.options.push_back({"shards", "N", "put together the N shards made beside the runs"});
  verb.options.push_back({"merge", "", "put together the shards whose folders are named"});
  return verb;
}

Verb review() {
  return {"review", "RUN", 1, 1, "a random sample of what stayed, to check by hand; the findings bound what slipped through",
          "RUN is a run's folder or the recipe it came from. Three steps:\n"
          "  hone review RUN --html check.html          a page that shows the documents one by one and saves the findings\n"
          "  hone review RUN                            the same in the terminal; ends and goes on where you like\n"
          "  hone review RUN --findings FILE --by NAME  checks the findings, computes the bound, and keeps it with the run",
          {{"sample", "N", "documents to draw (default 200)"},
           {"seed", "N", "of the draw (default 0)"},
           {"source", "NAME", "only documents of this source"},
           {"language", "CODE", "only documents in this language, such as ko"},
           {"html", "FILE", "write the page for the inspector"},
           {"to", "FILE", "where answers given in the terminal are saved (default findings-SAMPLE.json)"},
           {"findings", "FILE", "take in the findings of a check"},
           {"by", "NAME", "who looked at the documents; goes with --findings"},
           {"json", "", "with --findings: the result as JSON on standard output"}},
          "", false, ""};
}

Verb generate() {
  return {"generate", "MODEL", 1, 1, "continue a prompt",
          "MODEL is a run's folder, a checkpoint, a Hugging Face folder with its vocabulary, or a PEFT adapter (its base is looked up).\n"
          "The text goes to standard output as it is written. Control-C ends it cleanly.",
          {{"prompt", "TEXT", "what to continue; - reads standard input"},
           {"chat", "", "the prompt is what a user says: it is written by the model's chat template, and the answer is printed"},
           {"system", "TEXT", "with --chat: what stands before the conversation"},
           {"chat-template", "NAME", "with --chat: alpaca, chatml, llama3, mistral or a .jinja file instead of the model's own"},
           {"adapter", "FOLDER", "a PEFT adapter to put on MODEL"},
           {"base", "FOLDER", "the base model, where MODEL is an adapter"},
           {"max-tokens", "N", "tokens to write at most (default 128)"},
           {"temperature", "X", "0 always takes the likeliest token (default 0)"},
           {"top-p", "X", "sample among the fewest tokens whose probabilities reach this sum (default 1)"},
           {"seed", "N", "of the sampling (default 0)"},
           {"device", "NAME", "auto, cpu or cuda (default auto)"},
           {"ids", "", "print token ids instead of text"}},
          "", true, ""};
}

std::vector<Verb> make_verbs() {
  std::vector<Verb> all;
  all.push_back(stage("run", "the whole pipeline; skips what is up to date, continues what was cut short", "", true));
  all.back().details =
      "Documents are cleaned, a vocabulary is trained or loaded, the model is trained with a checkpoint every epoch, exported,\n"
      "evaluated and reported. Run it again after any interruption: it goes on where it stopped and ends with the same bytes.";
  all.push_back(clean());
  all.push_back(stage("tokenize", "clean, then bring the vocabulary and the token shards up to date", "tokenizer", false));
  all.back().options.push_back({"show", "N", "print N training samples with the borders of their tokens"});
  all.push_back(stage("train", "bring the training up to date, with what it needs", "training", true));
  all.back().options.push_back({"find-lr", "", "train nothing: raise the learning rate over real batches, draw the loss, suggest a rate"});
  all.back().options.push_back({"steps", "N", "with --find-lr: batches from rate 1e-7 to 1 (default 100)"});
  all.push_back(stage("export", "bring the exported model up to date, with what it needs", "export", true));
  all.push_back(stage("evaluate", "bring the evaluation up to date, with what it needs", "evaluation", true));
  all.push_back(stage("report", "bring the report up to date, with what it needs", "report", true));
  all.push_back({"validate", "RECIPE", 1, 1, "every mistake in the recipe and its inputs, at once; nothing is written", "", {}, "", false, ""});
  all.push_back({"import", "FILE", 1, 1, "turn a configuration of Axolotl, LLaMA-Factory or torchtune into a recipe",
                 "The recipe goes to standard output or to --out, each value with a word on where it comes from. What has no counterpart is\n"
                 "listed on standard error and at the head of the recipe, with what it means. Nothing is fetched.",
                 {{"out", "FILE", "write the recipe there; a file that exists is left alone"}}, "", false, ""});
  all.push_back({"plan", "RECIPE", 1, 1, "what would run and what is up to date; parameters, tokens, steps, memory, disk", "",
                 {{"json", "", "as JSON on standard output"}}, "", false, ""});
  all.push_back({"explain", "RUN DOCUMENT", 2, 2, "what happened to one document, as a story: each rule, its changes, its duplicates, where it went",
                 "RUN is a run's folder or the recipe it came from; DOCUMENT is an id, a path or a unique part of one.\n"
                 "Personal data and secrets that a rule found are not in the ledger; a placeholder stands for them here, too.",
                 {{"html", "FILE", "write a page that opens without a network; - writes it to standard output"},
                  {"json", "", "as JSON on standard output"}},
                 "", false, ""});
  all.push_back(review());
  all.push_back(generate());
  all.push_back({"inspect", "PATH", 1, 1, "what a model, checkpoint, token shard, vocabulary or manifest holds, and whether it verifies", "",
                 {{"json", "", "as JSON on standard output"},
                  {"logits", "IDS", "logits of the model for these token ids (\"1,2,3\"), as JSON: {\"logits\": [[…], …]}"},
                  {"adapter", "FOLDER", "with --logits: a PEFT adapter to put on the model"},
                  {"base", "FOLDER", "with --logits: the base model, where PATH is an adapter"}},
                 "", false, "logits"});
  all.push_back({"runs", "list|show [RUN]", 1, 2, "runs and how they ended", "", {{"json", "", "as JSON on standard output"}}, "", false, ""});
  all.push_back({"doctor", "", 0, 0, "the machine: LibTorch, devices, instruction sets, memory, disk; what is missing and how to get it", "",
                 {{"json", "", "as JSON on standard output"}}, "", false, ""});
  all.push_back({"schema", "", 0, 0, "JSON Schema of a recipe, for editors", "",
                 {{"markdown", "", "docs/options.md instead"},
                  {"attributes", "", "docs/cleaning-attributes.md instead: what cleaning measures and own rules may compare"},
                  {"options", "SECTION", "the options of one section as plain text"}}, "", false, ""});
  return all;
}

}  // namespace

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all = make_verbs();
  return all;
}

const Verb* find_verb(const std::string& name) {
  for (const Verb& verb : verbs())
    if (verb.name == name) return &verb;
  return nullptr;
}

}  // namespace hone::commands
