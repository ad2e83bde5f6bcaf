"""Docker's socket, as far as the agent uses it, in the versions of its API that a test names.

The contract: only /_ping and /version work without a version in the path; a version outside the daemon's is refused with 400 and Docker's
words; a pull answers with the messages that are set; every request is remembered as "METHOD PATH", without its version.
"""
import http.server
import io
import json
import os
import re
import socketserver
import tarfile
import tempfile
import threading

import agent_parts


class DockerSocket:
    """From `least` to `most`, such as "1.44". pull: the messages of a pull, as dictionaries. asked, spoken: paths and versions.

    user: of the container, None while there is none. accounts: its /etc/passwd, None without one.
    """

    def __init__(self, test, least, most):
        self.least, self.most, self.pull, self.asked, self.spoken, self.present = least, most, [], [], set(), False
        self.user, self.accounts = None, None
        folder = tempfile.TemporaryDirectory()
        test.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, "docker.sock")
        agent_parts.replace(test, "DOCKER_SOCKET", path)
        daemon = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                status, body = daemon.answer(self.command, self.path)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_DELETE = do_GET

            def address_string(self):
                return "socket"

            def log_message(self, *_):
                pass

        server = socketserver.ThreadingUnixStreamServer(path, Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        test.addCleanup(server.server_close)
        test.addCleanup(server.shutdown)

    def answer(self, method, path):
        if path in ("/_ping", "/version"):
            return 200, json.dumps({"Version": "26.1.5", "ApiVersion": self.most, "MinAPIVersion": self.least}).encode()
        found = re.fullmatch(r"/v(\d+\.\d+)(/.*)", path)
        if not found:
            return 404, b'{"message":"page not found"}'
        version, rest = found.groups()
        if numbers(version) > numbers(self.most):
            return refuse(f"client version {version} is too new. Maximum supported API version is {self.most}")
        if numbers(version) < numbers(self.least):
            words = f"client version {version} is too old. Minimum supported API version is {self.least}"
            return refuse(f"{words}, please upgrade your client to a newer version")
        self.spoken.add(version)
        self.asked.append(f"{method} {rest.split('?')[0]}")
        if rest.startswith("/images/create"):
            self.present = not any({"error", "errorDetail"} & {*message} for message in self.pull)
            return 200, "".join(json.dumps(message) + "\r\n" for message in self.pull).encode()
        if rest.startswith("/images/"):
            return (200, b'{"Config": {"ExposedPorts": {"3000/tcp": {}}}}') if self.present else (404, b'{"message":"No such image"}')
        if rest == "/containers/infer-deploy-app/json" and self.user is not None:
            return 200, json.dumps({"Config": {"User": self.user}}).encode()
        if rest == "/containers/infer-deploy-app/archive?path=/etc/passwd" and self.accounts is not None:
            return 200, archive("passwd", self.accounts.encode())
        return 404, b'{"message":"No such container: infer-deploy-app"}'


def archive(name, content):
    file, about = io.BytesIO(), tarfile.TarInfo(name)
    about.size = len(content)
    with tarfile.open(fileobj=file, mode="w") as tar:
        tar.addfile(about, io.BytesIO(content))
    return file.getvalue()


def numbers(version):
    return tuple(map(int, version.split(".")))


def refuse(words):
    return 400, json.dumps({"message": words}).encode()
