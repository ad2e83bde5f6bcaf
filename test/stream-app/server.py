"""Answers with GREETING, and streams a line a second for as long as it is asked to."""

import os
import signal
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        seconds = int(parse_qs(urlsplit(self.path).query).get("seconds", ["0"])[0])
        lines = [f"{os.environ.get('GREETING', 'Hello')}\n".encode()] if seconds == 0 else self.ticks(seconds)
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for line in lines:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(line), line))
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")

    def ticks(self, seconds: int):
        for second in range(seconds):
            time.sleep(1)
            yield f"{second + 1}\n".encode()

    def log_message(self, *_: object) -> None:
        pass


# A container's first process ignores the signal otherwise.
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
ThreadingHTTPServer(("", 8000), Handler).serve_forever()
