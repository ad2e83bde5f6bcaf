"""The usual Python server for a small model: FastAPI, ONNX Runtime and Hugging Face's tokenizers, over the same file.

Usage: server.py MODEL_FOLDER PORT THREADS MODE. MODE is "batch" (the texts of one request run together) or "loop" (one after the
other, as sentence-transformers' encode does with a batch size of one).
"""

import os
import sys

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import onnxruntime as ort
import uvicorn
from fastapi import FastAPI
from fastapi.responses import ORJSONResponse
from tokenizers import Tokenizer

folder, port, threads, mode = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
tokenizer.enable_truncation(256)
tokenizer.enable_padding()
options = ort.SessionOptions()
options.intra_op_num_threads = threads
options.inter_op_num_threads = 1
session = ort.InferenceSession(f"{folder}/model.onnx", options, providers=["CPUExecutionProvider"])
app = FastAPI(default_response_class=ORJSONResponse)


def embed(texts: list[str]) -> tuple[np.ndarray, int]:
    encoded = tokenizer.encode_batch(texts)
    ids = np.array([one.ids for one in encoded], dtype=np.int64)
    mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
    (hidden,) = session.run(["last_hidden_state"], {"input_ids": ids, "attention_mask": mask})
    summed = (hidden * mask[:, :, None]).sum(axis=1)
    return summed / np.linalg.norm(summed, axis=1, keepdims=True), int(mask.sum())


@app.get("/readyz")
def ready() -> dict:
    return {"status": "ready"}


# Not async, so that Starlette runs it in a thread, which is the usual way for blocking work.
@app.post("/v1/embeddings")
def embeddings(body: dict) -> ORJSONResponse:
    texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
    parts = [embed(texts)] if mode == "batch" else [embed([text]) for text in texts]
    vectors = np.concatenate([part for part, _ in parts])
    tokens = sum(count for _, count in parts)
    data = [
        {"object": "embedding", "index": index, "embedding": vector.tolist()}
        for index, vector in enumerate(vectors)
    ]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return ORJSONResponse({"object": "list", "data": data, "model": "peer", "usage": usage})


embed(["warm-up", "word " * 64])
uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
