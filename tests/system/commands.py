#!/usr/bin/env python3
"""Every verb on a small run, as a user types it: what it prints, where it prints it, and how it exits."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

BIN = pathlib.Path(os.environ["HONE_BIN"])
SOURCE = pathlib.Path(os.environ["HONE_SOURCE"])
RECIPE = """\
name: small
seed: 3
corpus:
  sources:
    - {path: documents/*.md, name: manual, licence: Apache-2.0}
  rules: [normalise, exact_duplicates]
  split: {validation: 0.3}
tokenizer:
  train: {vocab_size: 500}
model:
  shape: {hidden_size: 32, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 64}
training: {num_epochs: 1, sequence_len: 64, micro_batch_size: 8, learning_rate: 1e-3, device: cpu}
evaluation: {samples: {count: 1, max_tokens: 4}, bootstrap_draws: 100}
"""


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="hone-commands-")
        cls.place = pathlib.Path(cls.folder.name)
        (cls.place / "documents").mkdir()
        for chapter in sorted((SOURCE / "docs" / "manual" / "en").glob("0*.md")):
            shutil.copy(chapter, cls.place / "documents")
        (cls.place / "r.yaml").write_text(RECIPE)
        cls.first = cls.hone("run", "r.yaml")
        assert cls.first.returncode in (0, 10, 11), cls.first.stderr
        cls.run_folder = next((cls.place / "runs" / "small").iterdir())

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def hone(cls, *words, **environment):
        return subprocess.run([BIN / "hone", *map(str, words)], cwd=cls.place, text=True, capture_output=True, timeout=120,
                              env={**os.environ, **environment})

    def test_run_ends_with_three_lines_on_stdout(self):
        lines = self.first.stdout.splitlines()
        self.assertEqual(len(lines), 3, self.first.stdout)
        self.assertIn(str(self.run_folder.relative_to(self.place)), lines[2])

    def test_talk_is_on_stderr_without_colours_or_bars_when_it_is_no_terminal(self):
        self.assertNotIn("\x1b", self.first.stderr)
        self.assertNotIn("\r", self.first.stderr)
        self.assertIn("tokens =", self.first.stderr)

    def test_a_second_run_has_nothing_to_do_and_says_the_same(self):
        again = self.hone("run", "r.yaml")
        self.assertEqual(again.returncode, self.first.returncode)
        self.assertEqual(again.stdout, self.first.stdout)
        self.assertIn("up to date", again.stderr)

    def test_ok_exit_turns_a_verdict_into_success(self):
        self.assertEqual(self.hone("run", "r.yaml", "--ok-exit", "10,11").returncode, 0)

    def test_every_verb_has_help_on_stdout(self):
        overview = self.hone("--help")
        self.assertEqual(overview.returncode, 0)
        verbs = [line.split()[0] for line in overview.stdout.splitlines() if line.startswith("  ")]
        for verb in verbs:
            with self.subTest(verb):
                told = self.hone(verb, "--help")
                self.assertEqual(told.returncode, 0)
                self.assertIn(f"usage: hone {verb}", told.stdout)
                self.assertEqual(told.stderr, "")

    def test_stage_help_lists_the_options_of_its_section_with_defaults_and_ranges(self):
        text = self.hone("train", "--help").stdout
        self.assertIn("training.learning_rate", text)
        self.assertIn("default 0.0002", text)
        self.assertIn("also lr", text)

    def test_misspelt_verbs_and_options_are_answered_with_the_nearest(self):
        for words, hint in ((["runn", "r.yaml"], "did you mean run?"), (["run", "r.yaml", "--quite"], "did you mean --quiet?")):
            with self.subTest(words):
                answer = self.hone(*words)
                self.assertEqual(answer.returncode, 2)
                self.assertIn(hint, answer.stderr)
                self.assertEqual(answer.stdout, "")

    def test_plan_says_up_to_date_after_a_run_and_what_would_run_after_a_change(self):
        plan = json.loads(self.hone("plan", "r.yaml", "--json").stdout)
        self.assertTrue(all(stage["up_to_date"] for stage in plan["stages"]))
        changed = json.loads(self.hone("plan", "r.yaml", "--json", "--set", "report.language=ko").stdout)
        self.assertEqual([s["stage"] for s in changed["stages"] if not s["up_to_date"]], ["report"])
        self.assertEqual(changed["lineage"], plan["lineage"])
        other = json.loads(self.hone("plan", "r.yaml", "--json", "--set", "training.learning_rate=1e-5").stdout)
        self.assertNotEqual(other["lineage"], plan["lineage"])

    def test_plan_counts_tokens_and_steps_as_training_did(self):
        plan = json.loads(self.hone("plan", "r.yaml", "--json").stdout)
        result = json.loads((self.run_folder / "training" / "result.json").read_text())
        self.assertTrue(plan["tokens_are_exact"])
        self.assertEqual(plan["steps"], result["steps"])
        self.assertEqual(plan["training_tokens_per_epoch"], result["trained_tokens"])

    def test_validate_writes_nothing(self):
        before = sorted(self.place.rglob("*"))
        self.assertEqual(self.hone("validate", "r.yaml").returncode, 0)
        self.assertEqual(self.hone("validate", "r.yaml", "--set", "training.learning_rat=1").returncode, 2)
        self.assertEqual(self.hone("validate", "r.yaml", "--set", "corpus.sources.0.path=/nowhere/*.md").returncode, 3)
        self.assertEqual(sorted(self.place.rglob("*")), before)

    def test_explain_knows_every_document_by_id_and_path(self):
        for run in (self.run_folder, "r.yaml"):
            answer = self.hone("explain", run, "01-")
            self.assertEqual(answer.returncode, 0, answer.stderr)
            self.assertIn("normalise", answer.stdout)
        unknown = self.hone("explain", self.run_folder, "no-such-document")
        self.assertEqual(unknown.returncode, 3)

    def test_runs_list_and_show_name_the_run_and_its_verdict(self):
        listed = json.loads(self.hone("runs", "list", "--json").stdout)
        mine = next(run for run in listed if run["lineage"] == self.run_folder.name)
        self.assertEqual(mine["name"], "small")
        self.assertIn(mine["verdict"], ("PROMOTE", "REJECT", "INCONCLUSIVE"))
        shown = self.hone("runs", "show", mine["lineage"][:6])
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn("step-", shown.stdout)

    def test_inspect_verifies_artefacts_and_notices_a_changed_byte(self):
        for name in ("corpus", "tokens", "tokenizer", "export/huggingface", "report"):
            with self.subTest(name):
                found = json.loads(self.hone("inspect", self.run_folder / name, "--json").stdout)
                self.assertTrue(found["verifies"])
        shard = self.run_folder / "tokens" / "train-00000.tokens"
        whole = shard.read_bytes()
        try:
            shard.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
            for place in (shard, shard.parent):
                answer = self.hone("inspect", place)
                self.assertEqual(answer.returncode, 3)
                self.assertIn("train-00000.tokens", answer.stderr)
        finally:
            shard.write_bytes(whole)

    def test_generate_streams_text_that_begins_with_the_prompt_and_is_the_same_twice(self):
        words = ("generate", self.run_folder, "--prompt", "Hone 은", "--max-tokens", "5", "--temperature", "1", "--seed", "4")
        first, second = self.hone(*words), self.hone(*words)
        self.assertEqual(first.returncode, 0, first.stderr)
        self.assertTrue(first.stdout.startswith("Hone 은"))
        self.assertEqual(first.stdout, second.stdout)
        ids = self.hone("generate", self.run_folder, "--prompt", "Hone", "--max-tokens", "3", "--ids").stdout.split()
        self.assertLessEqual(len(ids), 3)
        self.assertTrue(all(word.isdigit() for word in ids))

    def test_generate_takes_checkpoints_and_refuses_what_is_no_model(self):
        checkpoint = max((self.run_folder / "checkpoints").glob("step-*"))
        self.assertEqual(self.hone("generate", checkpoint, "--prompt", "a", "--max-tokens", "1").returncode, 0)
        self.assertEqual(self.hone("generate", self.place / "nothing", "--prompt", "a").returncode, 3)
        self.assertEqual(self.hone("generate", self.run_folder).returncode, 2)

    def test_inspect_logits_prints_a_row_for_each_token(self):
        rows = json.loads(self.hone("inspect", self.run_folder, "--logits", "1,5,9").stdout)["logits"]
        self.assertEqual((len(rows), len(rows[0])), (3, 500))

    def test_doctor_says_what_the_machine_has(self):
        facts = json.loads(self.hone("doctor", "--json").stdout)
        self.assertTrue(facts["engine"]["works"])
        self.assertTrue(facts["reader"]["works"])

    def test_schema_is_a_json_schema_that_knows_the_recipes_sections(self):
        schema = json.loads(self.hone("schema").stdout)
        self.assertIn("learning_rate", schema["properties"]["training"]["properties"])
        self.assertFalse(schema["additionalProperties"])

    def test_log_json_is_one_object_a_line(self):
        told = self.hone("clean", "r.yaml", "--log-json", "--set", "seed=99", "--set", "corpus.split.validation=0.2")
        self.assertEqual(told.returncode, 0, told.stderr)
        for line in told.stderr.splitlines():
            json.loads(line)

    def test_quiet_says_nothing_when_all_is_well(self):
        self.assertEqual(self.hone("clean", "r.yaml", "--quiet").stderr, "")

    def test_the_resolved_recipe_of_a_run_runs_from_anywhere_and_is_the_same_run(self):
        plan = json.loads(self.hone("plan", self.run_folder / "recipe.yaml", "--json").stdout)
        self.assertEqual(plan["lineage"], self.run_folder.name)


if __name__ == "__main__":
    unittest.main()
