"""Compares the 8-bit model with the independent computation, and a text alone with the same text in a batch."""

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np

from embedder import Embedder
from export import main, model_folder
from reference import Reference

SENTENCES = json.loads((Path(__file__).parent / "sentences.json").read_text())
# The bounds in README.md.
SMALLEST_COSINE = 0.975
MIDDLE_COSINE = 0.995
SMALLEST_COSINE_IN_COMPANY = 0.995


class Int8Model(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        main(cls.folder, "int8")
        cls.reference = Reference(model_folder())
        cls.embedder = Embedder(cls.folder / "model.onnx", cls.reference)
        cls.alone = np.concatenate([cls.embedder.embed([text]) for text in SENTENCES])

    def test_what_eight_bits_cost(self) -> None:
        exact = np.array([self.reference.embed(text) for text in SENTENCES])
        cosines = (self.alone * exact).sum(axis=1)
        print(f"int8 against the computation in 64 bits: cosine {cosines.min():.4f} at least, {np.median(cosines):.4f} in the middle")
        self.assertGreaterEqual(cosines.min(), SMALLEST_COSINE)
        self.assertGreaterEqual(np.median(cosines), MIDDLE_COSINE)

    def test_a_vector_does_not_depend_on_its_batch(self) -> None:
        together = self.embedder.embed(SENTENCES)
        cosines = (self.alone * together).sum(axis=1)
        print(f"int8, alone against among all fifty: cosine {cosines.min():.9f} at least")
        self.assertGreaterEqual(cosines.min(), SMALLEST_COSINE_IN_COMPANY)

    def test_nor_on_a_text_of_extremes_beside_it(self) -> None:
        # One text with large numbers would stretch a range of the whole batch.
        extreme = "0 " * 200 + "!!! ??? \u4e00 \u00e9"
        together = self.embedder.embed([*SENTENCES[:4], extreme])[:4]
        cosines = (self.alone[:4] * together).sum(axis=1)
        self.assertGreaterEqual(cosines.min(), SMALLEST_COSINE_IN_COMPANY)

    def test_it_says_what_it_is(self) -> None:
        config = json.loads((self.folder / "config.json").read_text())
        self.assertEqual(config["quantization_config"]["bits"], 8)

    def test_its_weights_take_a_byte_each(self) -> None:
        weights = 22_713_216
        self.assertLess((self.folder / "model.onnx").stat().st_size, weights * 1.05)

    def test_a_precision_that_nobody_knows_is_refused(self) -> None:
        with self.assertRaisesRegex(SystemExit, "exact or int8"):
            main(self.folder / "other", "int4")
        self.assertFalse((self.folder / "other").exists())


if __name__ == "__main__":
    unittest.main()
