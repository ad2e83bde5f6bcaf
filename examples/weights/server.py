"""Answers from the file /model/greetings.json, which is not in the image. A real server would load its weights from there."""

import json
import os
import pathlib
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODEL = pathlib.Path(os.environ.get("MODEL", "/model"))
greetings = json.loads((MODEL / "greetings.json").read_text())


class Handler(BaseHTTPRequestHandler):
    timeout = 10  # seconds that a connection may be idle

    def do_GET(self) -> None:
        pages = {"/": greetings["hello"], "/healthz": "ok", "/files": " ".join(files())}
        page = pages.get(self.path.partition("?")[0])
        body = f"{page or 'not found'}\n".encode()
        self.send_response(404 if page is None else 200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def files() -> list[str]:
    """Each with its size in bytes."""
    found = sorted(path for path in MODEL.rglob("*") if path.is_file())
    return [f"{path.relative_to(MODEL)}={path.stat().st_size}" for path in found]


class Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for the requests in flight


with Server(("", 8000), Handler) as server:
    # shutdown() waits for serve_forever() to end, so it needs its own thread.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()
