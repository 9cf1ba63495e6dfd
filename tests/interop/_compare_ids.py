"""Holds the ids that transformers' AutoTokenizer makes of texts against SentencePiece's, for one exported folder.
usage: _compare_ids.py FOLDER TEXTS.jsonl…       each line has a "text"

Left out: texts that spell a special token (Hugging Face takes it for one, SentencePiece for characters), and texts that spell a byte
piece (src/tokenizer/huggingface.h). For vocabularies with a character map also
decomposed Hangul: SentencePiece composes some of it by halves ("가" and a stray consonant for "각"), the export whole."""

import json
import pathlib
import re
import sys

import sentencepiece
import transformers

folder, *files = sys.argv[1:]
transformers.logging.set_verbosity_error()
ours = sentencepiece.SentencePieceProcessor(model_file=str(pathlib.Path(folder) / "tokenizer.model"))
theirs = transformers.AutoTokenizer.from_pretrained(folder)
added = [token.content for token in theirs.added_tokens_decoder.values()]
texts = [json.loads(line)["text"] for file in files for line in open(file, encoding="utf-8")]
texts = [text for text in texts if not any(token in text for token in added) and not re.search(r"<0x[0-9A-F]{2}>", text)]
if '"Precompiled"' in (pathlib.Path(folder) / "tokenizer.json").read_text(encoding="utf-8"):
    texts = [text for text in texts if not re.search("[\u1100-\u11ff]", text)]
assert len(texts) > 20, "too few texts"

ties = 0
for text in texts:
    expected = ours.encode(text)
    found = theirs.encode(text, add_special_tokens=False)
    # Two cuts of equal score are equally right in a unigram vocabulary (long runs of one character); each library has its own habit.
    score = [sum(map(ours.get_score, ids)) for ids in (found, expected)]
    tie = found != expected and len(found) == len(expected) and abs(score[0] - score[1]) < 1e-4
    ties += tie
    assert tie or found == expected, (f"{text!r}:\n  AutoTokenizer {theirs.convert_ids_to_tokens(found)}\n"
                               f"  SentencePiece {ours.id_to_piece(expected)}")
    if ours.unk_id() not in expected:  # SentencePiece writes a mark of its own for what it does not know
        assert theirs.decode(found, skip_special_tokens=True) == ours.decode(expected), f"{text!r} comes back differently"
    if ours.bos_id() >= 0:
        assert theirs.encode(text)[:1] == [ours.bos_id()], "a text does not open with BOS"
assert ties * 20 < len(texts), f"{ties} texts are cut differently at equal score"
print(f"{len(texts)} texts give the same ids and come back the same ({ties} cut otherwise at equal score)")
