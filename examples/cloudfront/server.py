"""A classifier's API from Python's standard library: GET /labels changes only with a release, POST /classify is never the same."""

import json
import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qs

VERSION = os.environ.get("INFER_DEPLOY_VERSION", "dev")
LABELS = {"en": ["cat", "dog"], "de": ["Katze", "Hund"]}
number = count(1)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 70  # seconds that a connection may be idle: longer than the load balancer keeps it

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        language = parse_qs(query).get("lang", ["en"])[0]
        answers = {"/healthz": {"version": VERSION}, "/labels": {"version": VERSION, "labels": LABELS.get(language, LABELS["en"])}}
        self.answer(200 if path in answers else 404, answers.get(path, {"error": "not found"}))

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.answer(200, {"version": VERSION, "number": next(number), "label": LABELS["en"][len(text) % 2]})

    def answer(self, status: int, value: dict) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for the requests in flight


with Server(("", 8000), Handler) as server:
    # shutdown() waits for serve_forever() to end, so it needs its own thread.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()
