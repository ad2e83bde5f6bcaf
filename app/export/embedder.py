"""Embeds with an exported graph, for the tests: the reference's tokens, ONNX Runtime, and the mean over a text's tokens."""

import os
from pathlib import Path

# Set before onnxruntime is loaded: since 1.29 it sends telemetry by default.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import onnxruntime

from reference import Reference


class Embedder:
    def __init__(self, model: Path, reference: Reference) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._reference = reference

    def embed(self, texts: list[str]) -> np.ndarray:
        """One vector of length 1 for each text, all in one run with the padding that it needs."""
        ids = [self._reference.tokens(text) for text in texts]
        longest = max(map(len, ids))
        feeds = {
            "input_ids": np.array([row + [0] * (longest - len(row)) for row in ids]),
            "attention_mask": np.array([[1] * len(row) + [0] * (longest - len(row)) for row in ids]),
        }
        (hidden,) = self._session.run(["last_hidden_state"], feeds)
        means = np.array([rows[: len(row)].mean(axis=0) for rows, row in zip(hidden, ids)])
        return means / np.linalg.norm(means, axis=1, keepdims=True)
