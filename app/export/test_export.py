"""Compares the exported graph with the independent computation. test/run runs it in a container: python -m unittest."""

import json
import os
import unittest
from pathlib import Path

import numpy as np

from embedder import Embedder
from export import model_folder
from make_reference import reference_entries
from reference import Reference

HERE = Path(__file__).parent
SENTENCES = json.loads((HERE / "sentences.json").read_text())
MODEL = Path(os.environ.get("MODEL_DIR", "/model")) / "model.onnx"
SMALLEST_COSINE = 0.9999


class ExportedModel(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.reference = Reference(model_folder())
        cls.embedder = Embedder(MODEL, cls.reference)

    def embed(self, texts: list[str]) -> np.ndarray:
        return self.embedder.embed(texts)

    def check_sentence(self, text: str) -> None:
        cosine = float(self.embed([text])[0] @ self.reference.embed(text))
        self.assertGreaterEqual(cosine, SMALLEST_COSINE)

    def test_fifty_sentences_are_checked(self) -> None:
        self.assertEqual(len(set(SENTENCES)), 50)

    def test_different_sentences_differ(self) -> None:
        cat, kitten, bank = self.embed(SENTENCES[:3])
        self.assertGreater(cat @ kitten, 0.5)
        self.assertLess(cat @ bank, 0.2)

    def test_a_vector_does_not_depend_on_its_batch(self) -> None:
        together = self.embed(SENTENCES[:8])
        cosines = [float(vector @ self.embed([text])[0]) for text, vector in zip(SENTENCES, self.embed(SENTENCES))]
        print(f"exact, alone against among all fifty: cosine {min(cosines):.9f} at least")
        self.assertGreaterEqual(min(cosines), SMALLEST_COSINE)
        for text, vector in zip(SENTENCES[:8], together):
            np.testing.assert_allclose(vector, self.embed([text])[0], atol=1e-5)

    def test_the_committed_reference_is_current(self) -> None:
        committed = json.loads((HERE.parent / "test" / "reference-embeddings.json").read_text())
        for old, new in zip(committed, reference_entries(), strict=True):
            self.assertEqual((old["text"], old["tokens"]), (new["text"], new["tokens"]))
            np.testing.assert_allclose(old["embedding"], new["embedding"], atol=2e-6)


def add_test(number: int, text: str) -> None:
    def test(self: ExportedModel) -> None:
        self.check_sentence(text)

    setattr(ExportedModel, f"test_sentence_{number:02d}", test)


for number, text in enumerate(SENTENCES):
    add_test(number, text)


if __name__ == "__main__":
    unittest.main()
