"""A plain HTTP server from Python's standard library. It does not depend on what deploys it."""

import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGES = {"/": os.environ.get("GREETING", "Hello"), "/healthz": "ok"}


class Handler(BaseHTTPRequestHandler):
    timeout = 10  # seconds that a connection may be idle

    def do_GET(self) -> None:
        page = PAGES.get(self.path.partition("?")[0])
        body = f"{page or 'not found'}\n".encode()
        self.send_response(404 if page is None else 200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for the requests in flight


with Server(("", 8000), Handler) as server:
    # shutdown() waits for serve_forever() to end, so it needs its own thread.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()
print("drained")
