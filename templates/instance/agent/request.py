"""One HTTP request whose answer has a deadline and a largest size, and what an error answer says."""
import contextlib
import http.client
import io
import json
import re
import socket
import ssl
import time
import urllib.parse

CONNECT_SECONDS = 5
DOCKER_SOCKET = "/run/docker.sock"


class Wire(io.RawIOBase):
    """A connection as http.client uses one. It ends `seconds` after its start, or with `idle` after that time without a byte."""

    def __init__(self, parts, seconds, idle):
        self.seconds, self.idle = seconds, idle
        self.ends = seconds and time.monotonic() + seconds
        if parts.netloc == "docker":
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.settimeout(seconds)
            self.sock.connect(DOCKER_SOCKET)
            return
        secure = parts.scheme == "https"
        self.sock = socket.create_connection((parts.hostname, parts.port or (443 if secure else 80)), min(seconds, CONNECT_SECONDS))
        if secure:
            self.sock.settimeout(self.left())
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=parts.hostname)

    def left(self):
        seconds = self.ends and self.ends - time.monotonic()
        if seconds is not None and seconds <= 0:
            raise TimeoutError("timed out")
        return seconds

    def sendall(self, data):
        self.sock.settimeout(self.left())
        self.sock.sendall(data)

    def makefile(self, _mode):
        return io.BufferedReader(self)

    def readable(self):
        return True

    def readinto(self, buffer):
        if self.idle:
            self.ends = time.monotonic() + self.seconds
        self.sock.settimeout(self.left())
        return self.sock.recv_into(buffer)

    def close(self):
        # http.client closes it before the body has been read.
        pass


@contextlib.contextmanager
def opened(method, url, headers, body=None, timeout=10.0, idle=False):
    """http.client's answer, with the body not yet read. Raises OSError or HTTPException. The host `docker` is Docker's socket."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc)
    connection.sock = wire = Wire(parts, timeout, idle)
    with wire.sock:
        connection.request(method, url.split(parts.netloc, 1)[1], body, headers)
        yield connection.getresponse()


def send(method, url, headers, body=None, timeout=10.0, largest=2**24):
    """(status, body). Status 0: no answer of at most `largest` bytes within `timeout` seconds; the body is the reason."""
    try:
        with opened(method, url, headers, body, timeout) as answer:
            content = answer.read(largest + 1)
            if len(content) > largest:
                return 0, f"the answer has more than {largest} bytes".encode()
            if answer.length:
                return 0, b"the answer was cut off"
            return answer.status, content
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error).encode()


def error_of(body):
    """(code, message) of an error: AWS's in JSON or XML, or Docker's, which has no code."""
    text = body.decode(errors="replace")
    try:
        found = json.loads(text)
        return found.get("__type", "").split("#")[-1], found.get("message") or found.get("Message") or ""
    except (ValueError, AttributeError):
        code, message = (re.search(f"<{name}>(.*?)</{name}>", text) for name in ("Code", "Message"))
        return code.group(1) if code else "", message.group(1) if message else text[:200]
