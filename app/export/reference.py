"""An independent computation of the same model: numpy in 64 bits, from the safetensors, without the graph's code."""

import json
import math
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

# The model was trained on texts of at most 256 tokens (including [CLS] and [SEP]): its card and sentence_bert_config.json.
MAX_TOKENS = 256


class Reference:
    def __init__(self, folder: Path) -> None:
        self._config = json.loads((folder / "config.json").read_text())
        self._weights = {k: v.astype(np.float64) for k, v in load_file(folder / "model.safetensors").items() if v.dtype == np.float32}
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def tokens(self, text: str) -> list[int]:
        return self._tokenizer.encode(text).ids

    def embed(self, text: str) -> np.ndarray:
        """The mean of the token vectors, of length 1."""
        mean = self.token_vectors(self.tokens(text)).mean(axis=0)
        return mean / np.linalg.norm(mean)

    def token_vectors(self, ids: list[int]) -> np.ndarray:
        weights = self._weights
        x = (
            weights["embeddings.word_embeddings.weight"][ids]
            + weights["embeddings.position_embeddings.weight"][: len(ids)]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        x = self._normalise("embeddings.LayerNorm", x)
        for number in range(self._config["num_hidden_layers"]):
            layer = f"encoder.layer.{number}"
            x = self._normalise(f"{layer}.attention.output.LayerNorm", x + self._attend(layer, x))
            wide = _gelu(self._project(f"{layer}.intermediate.dense", x))
            x = self._normalise(f"{layer}.output.LayerNorm", x + self._project(f"{layer}.output.dense", wide))
        return x

    def _attend(self, layer: str, x: np.ndarray) -> np.ndarray:
        query, key, value = (self._project(f"{layer}.attention.self.{name}", x) for name in ("query", "key", "value"))
        size = x.shape[1] // self._config["num_attention_heads"]
        heads = []
        for start in range(0, x.shape[1], size):
            part = slice(start, start + size)
            scores = np.exp(query[:, part] @ key[:, part].T / math.sqrt(size))
            heads.append(scores / scores.sum(axis=1, keepdims=True) @ value[:, part])
        return self._project(f"{layer}.attention.output.dense", np.concatenate(heads, axis=1))

    def _project(self, name: str, x: np.ndarray) -> np.ndarray:
        return x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _normalise(self, name: str, x: np.ndarray) -> np.ndarray:
        centred = x - x.mean(axis=1, keepdims=True)
        deviation = np.sqrt((centred**2).mean(axis=1, keepdims=True) + self._config["layer_norm_eps"])
        return centred / deviation * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]


def _gelu(x: np.ndarray) -> np.ndarray:
    return x * 0.5 * (1 + _erf(x / math.sqrt(2)))


_erf = np.vectorize(math.erf, otypes=[np.float64])
