#!/usr/bin/env python3
"""Cleaning again, for show and in shards: what is printed, what is written, and that the bytes are those of a single run.
Also: the scripts in docs/scale.md are what their readers (bash, Slurm, Kubernetes) expect."""
import os
import pathlib
import re
import shutil
import stat
import subprocess
import tempfile
import unittest

BIN = pathlib.Path(os.environ["HONE_BIN"])
SOURCE = pathlib.Path(os.environ["HONE_SOURCE"])
RECIPE = """\
name: again
corpus:
  sources: [{path: documents/**/*.md, name: manual, licence: Apache-2.0, owner: Documentation, legal_basis: own work}]
  split: {validation: 0.2}
model: {shape: {hidden_size: 32, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 64}}
"""


class CleanAgain(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="hone-again-")
        self.addCleanup(self.folder.cleanup)
        self.place = pathlib.Path(self.folder.name)
        for language in ("en", "ko"):
            shutil.copytree(SOURCE / "docs/manual" / language, self.place / "documents" / language)
        (self.place / "r.yaml").write_text(RECIPE)

    def hone(self, *words, status=0):
        done = subprocess.run([BIN / "hone", *map(str, words)], cwd=self.place, text=True, capture_output=True, timeout=300, check=False)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def corpus(self, *words):
        folder = self.place / self.hone("clean", "r.yaml", *words).stdout.strip()
        return {name: (folder / name).read_bytes() for name in ("documents.jsonl.zst", "ledger.jsonl.zst", "statistics.json")}

    def everything(self, folder):
        return {file.relative_to(folder): (file.stat().st_mtime_ns, file.read_bytes()) for file in sorted(folder.rglob("*")) if file.is_file()}

    def test_a_dry_run_tells_what_would_change_and_writes_nothing(self):
        self.assertIn("no finished corpus", self.hone("clean", "r.yaml", "--dry-run").stdout)
        self.assertFalse((self.place / "runs").exists())
        self.corpus()
        before = self.everything(self.place / "runs")
        shutil.copy(SOURCE / "docs/formats.md", self.place / "documents/arrived.md")
        (self.place / "documents/en/12-split.md").unlink()
        told = self.hone("clean", "r.yaml", "--dry-run", "--set", "corpus.quality.min_characters=9000").stdout
        self.assertEqual(self.everything(self.place / "runs"), before)
        self.assertRegex(told, r"1 come in that were not in the sources\n.*\n  arrived\.md")
        self.assertRegex(told, r"go, dropped now\n  by rule: quality/too_short \d+")
        self.assertRegex(told, r"1 go, no longer in the sources\n.*\n  en/12-split\.md")
        self.assertIn("nothing was written", told)

    def test_what_is_remembered_is_for_its_owner_alone(self):
        self.corpus()
        for file in [self.place / "runs/.memo/again", *(self.place / "runs/.memo/again").glob("[!L]*")]:
            self.assertEqual(stat.S_IMODE(file.stat().st_mode) & 0o077, 0, file)

    def test_shards_of_gnu_parallel_are_the_whole_corpus(self):
        if shutil.which("parallel") is None:
            self.skipTest("GNU parallel is not installed")
        whole = self.corpus("--runs", "elsewhere")
        subprocess.run(["parallel", "-j", "3", BIN / "hone", "clean", "r.yaml", "--quiet", "--threads", "1", "--shard", "{}/5", ":::", *"12345"],
                       cwd=self.place, check=True, capture_output=True, timeout=300)
        self.assertEqual(self.corpus("--shards", 5), whole)
        shards = [self.place / f"runs/.memo/again/shard-{number}-of-5" for number in range(1, 6)]
        for shard in shards:
            self.assertTrue(shard.is_dir())
            shutil.move(shard, self.place / shard.name)
        shutil.rmtree(self.place / "runs")
        self.assertEqual(self.corpus("--merge", *[self.place / shard.name for shard in shards]), whole)

    def test_a_shard_that_is_missing_or_no_share_is_said(self):
        self.assertIn("shard-1-of-2", self.hone("clean", "r.yaml", "--shards", 2, status=3).stderr)
        self.assertIn("3/8", self.hone("clean", "r.yaml", "--shard", "9/8", status=2).stderr)
        self.assertIn("--merge", self.hone("clean", "r.yaml", "folder", status=2).stderr)


class Scripts(unittest.TestCase):
    def block(self, language):
        return re.search(rf"```{language}\n(.*?)```", (SOURCE / "docs/scale.md").read_text(), re.S).group(1)

    def test_the_slurm_script_is_sound(self):
        script = self.block("bash")
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)
        if shutil.which("shellcheck"):
            subprocess.run(["shellcheck", "-"], input=script, text=True, check=True)
        directives = [line.split()[1] for line in script.splitlines() if line.startswith("#SBATCH")]
        self.assertTrue(any(re.fullmatch(r"--array=1-\d+", word) for word in directives), "shards are numbered from 1")
        self.assertNotIn("#SBATCH", script[script.index("set -euo"):], "Slurm reads directives before the first command only")

    def test_the_kubernetes_manifest_is_an_indexed_job(self):
        try:
            import yaml
        except ImportError:
            self.skipTest("PyYAML is not installed")
        job = yaml.safe_load(self.block("yaml"))
        self.assertEqual((job["apiVersion"], job["kind"]), ("batch/v1", "Job"))
        spec = job["spec"]
        self.assertEqual(spec["completionMode"], "Indexed")
        pod = spec["template"]["spec"]
        self.assertIn(pod["restartPolicy"], ("Never", "OnFailure"))
        container = pod["containers"][0]
        self.assertIn(f"$((JOB_COMPLETION_INDEX + 1))/{spec['completions']}", container["args"][0])
        mounts = {mount["name"] for mount in container["volumeMounts"]}
        self.assertEqual(mounts, {volume["name"] for volume in pod["volumes"]})


if __name__ == "__main__":
    unittest.main()
