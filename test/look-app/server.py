"""A server with an access log. /say?TEXT writes a line, /version says who answers, and with BREAK=sick the health path answers 503."""

import json
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BORN = time.time()


class Handler(BaseHTTPRequestHandler):
    # The whole answer at once: a load balancer's check ends the connection after the first line of a 503.
    wbufsize = -1

    def do_GET(self):
        path, _, text = self.path.partition("?")
        sick = path == "/healthz" and os.environ["BREAK"] == "sick"
        if path == "/say":
            print(text, flush=True)
        if path == "/slow":
            time.sleep(2)
        body = json.dumps({"version": os.environ["INFER_DEPLOY_VERSION"], "born": BORN}).encode()
        self.send_response(503 if sick else 200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    # Under load, the five that are usual are soon waiting.
    request_queue_size = 128
    daemon_threads = False


if os.environ["BREAK"] == "sick":
    print("the weights at /models are not there", file=sys.stderr)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
Server(("", 8000), Handler).serve_forever()
