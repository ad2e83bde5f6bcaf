"""Writes test/reference-embeddings.json: the answers of a correct server.

Usage: make_reference.py OUT.json. Run it again only when the model or the sentences change (see README.md).
"""

import json
import sys
from pathlib import Path

from export import model_folder
from reference import Reference

# Enough to detect a wrong tokeniser, truncation or pooling, and small enough to commit.
COUNT = 10
DIGITS = 6


def main(out: Path) -> None:
    entries = ",\n  ".join(json.dumps(entry, ensure_ascii=False) for entry in reference_entries())
    out.write_text(f"[\n  {entries}\n]\n")


def reference_entries() -> list[dict]:
    reference = Reference(model_folder())
    sentences = json.loads((Path(__file__).parent / "sentences.json").read_text())
    return [
        {
            "text": text,
            "tokens": len(reference.tokens(text)),
            "embedding": [round(float(x), DIGITS) for x in reference.embed(text)],
        }
        for text in sentences[:COUNT]
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
