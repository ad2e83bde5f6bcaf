"""Does at its start what many model servers do, and then answers with what it found. The variable STEPS names what to do."""
import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import time


def user():
    """Starts as root and steps down."""
    os.setgroups([])
    os.setgid(1000)
    os.setuid(1000)


def home():
    """Writes ~/.cache, and where Hugging Face's libraries write."""
    for folder in (os.path.expanduser("~/.cache/awkward"), os.environ["HF_HOME"], os.environ["XDG_CACHE_HOME"]):
        os.makedirs(folder, exist_ok=True)
        with open(f"{folder}/starts", "a") as file:
            file.write("x")


def shared():
    """Uses 100 MB of shared memory."""
    with open("/dev/shm/tensor", "wb") as file:
        for _ in range(100):
            file.write(bytes(2**20))


def program():
    """Runs a program from /tmp, as just-in-time compilers do."""
    shutil.copy("/bin/true", "/tmp/tool")
    subprocess.run(["/tmp/tool"], check=True)


def data():
    """Writes next to its own files."""
    os.makedirs("/srv/data/index", exist_ok=True)


def owned():
    """Writes, as root, where another user's files are."""
    with open("/srv/owned/state", "w") as file:
        file.write("x")


def temporary():
    """Keeps more in /tmp and in its own memory than both have together."""
    with open("/tmp/download", "wb") as file:
        for _ in range(100):
            file.write(bytes(2**20))
    time.sleep(1)
    kept = []
    while True:
        kept.append(b"x" * 2**20)


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/login":
            return self.refuse(401)
        if self.path == "/moved":
            return self.refuse(301, "moved", {"location": "https://api.example.com/moved"})
        if self.path == "/named" and self.headers["host"] != "api.example.com":
            return self.refuse(400, "Invalid host header")
        with open(os.environ["HF_HOME"] + "/starts") as file:
            starts = len(file.read())
        found = os.statvfs("/dev/shm")
        body = {
            "user": os.getuid(), "shm_mb": found.f_blocks * found.f_frsize // 2**20, "argv": sys.argv[1:], "starts": starts,
            "env": {name: value for name, value in os.environ.items() if name.lower().startswith("my") or name in ("HOME", "HF_HOME")},
        }
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def refuse(self, status, words="", headers=None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(words.encode())

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    """With LISTEN=6 for IPv6 only."""

    address_family = socket.AF_INET6 if os.environ.get("LISTEN") == "6" else socket.AF_INET

    def server_bind(self):
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        super().server_bind()


for step in os.environ.get("STEPS", "user home shared program data").split():
    globals()[step]()
Server(("", int(os.environ["PORT"])), Answer).serve_forever()
