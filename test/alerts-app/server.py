"""A server that is well, and not well when asked: /fail answers 500, /slow takes three seconds, /deaf?SECONDS closes its port."""

import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

deaf = 0


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        global deaf
        path, _, seconds = self.path.partition("?")
        time.sleep(3 if path == "/slow" else 0)
        if path == "/deaf":
            deaf = int(seconds)
        self.send_response(500 if path == "/fail" else 200)
        self.send_header("content-length", "0")
        self.end_headers()


class Server(ThreadingHTTPServer):
    def service_actions(self):
        if deaf:
            self._BaseServer__shutdown_request = True


while True:
    with Server(("", 8000), Handler) as server:
        server.serve_forever(0.1)
    time.sleep(deaf)
    deaf = 0
