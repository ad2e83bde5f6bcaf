"""Answers that take minutes: /stream and /silent for as many seconds as they are asked to, and /socket, a WebSocket that sends each text back."""

import base64
import hashlib
import json
import os
import signal
import struct
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ME = {
    "version": os.environ.get("INFER_DEPLOY_VERSION", "none"),
    "instance": os.environ.get("INFER_DEPLOY_INSTANCE", "none"),
    "born": int(time.time() * 1000),
}
# RFC 6455, 1.3 and 5.2.
ACCEPT = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        seconds = int(parse_qs(address.query).get("seconds", ["0"])[0])
        if address.path == "/stream":
            self.stream(seconds)
        elif address.path == "/socket":
            self.socket()
        else:
            time.sleep(seconds)
            body = json.dumps(ME).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def stream(self, seconds: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        began = time.monotonic()
        for second in range(1, seconds + 1):
            event = f"id: {second}\ndata: {json.dumps(ME)}\n\n".encode()
            self.wfile.write(b"%x\r\n%b\r\n" % (len(event), event))
            # By the clock, so that a busy machine does not make the stream longer.
            time.sleep(max(0.0, began + second - time.monotonic()))
        self.wfile.write(b"0\r\n\r\n")

    def socket(self) -> None:
        digest = hashlib.sha1(self.headers["Sec-WebSocket-Key"].encode() + ACCEPT).digest()
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(digest).decode())
        self.end_headers()
        self.close_connection = True
        self.send_frame(TEXT, json.dumps(ME).encode())
        while True:
            kind, text = self.read_frame()
            self.send_frame(PONG if kind == PING else kind, text)
            if kind == CLOSE:
                return

    def read_frame(self) -> tuple[int, bytes]:
        first, second = self.rfile.read(2)
        length = second & 127
        if length == 126:
            [length] = struct.unpack("!H", self.rfile.read(2))
        mask = self.rfile.read(4)
        return first & 15, bytes(byte ^ mask[at % 4] for at, byte in enumerate(self.rfile.read(length)))

    def send_frame(self, kind: int, text: bytes) -> None:
        size = bytes([len(text)]) if len(text) < 126 else b"\x7e" + struct.pack("!H", len(text))
        self.wfile.write(bytes([128 | kind]) + size + text)

    def log_message(self, *_: object) -> None:
        pass


# It ends at once when it is asked to: nothing but the load balancer gives requests in flight their time.
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
ThreadingHTTPServer.request_queue_size = 128
ThreadingHTTPServer(("", 8000), Handler).serve_forever()
