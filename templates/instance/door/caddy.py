"""The Caddy that runs as infer-deploy-caddy.service, through its admin API on a unix socket."""
import http.client
import json
import socket
import subprocess
import time

from caddyconfig import CADDY_SOCKET
from problem import Problem

CADDY_UNIT = "infer-deploy-caddy.service"
# A change of the configuration takes milliseconds.
ADMIN_SECONDS = 30
# How long a configuration that Caddy has refused is not tried again.
REFUSED_SECONDS = 30


class Caddy:
    """refused: the configuration that Caddy did not take, since when, and its words."""

    def __init__(self):
        self.refused, self.refused_at, self.words = None, 0.0, ""

    def start(self):
        """systemd starts it again whenever it ends."""
        subprocess.run(["systemctl", "start", "--no-block", CADDY_UNIT], check=True)

    def follow(self, config, anew=False):
        """Makes Caddy run the configuration. "", or Caddy's words against it; then it serves by the one before. `anew`: also one that it has just refused.

        Raises Problem when Caddy does not serve at all. What it runs is read each time: after a restart it has its last one, or none.
        """
        running, now = self.ask("GET", "/config/"), time.monotonic()
        if running == config:
            return ""
        if anew or config != self.refused or now - self.refused_at >= REFUSED_SECONDS:
            self.refused, self.words = None, ""
            try:
                self.ask("POST", "/load", config)
            except Problem as problem:
                self.refused, self.refused_at, self.words = config, now, str(problem)
        if self.words and not running:
            raise Problem(self.words)
        return self.words

    def again(self):
        """Loads what it runs once more, which makes the orders again that it has abandoned."""
        self.ask("POST", "/load", self.ask("GET", "/config/"), {"cache-control": "must-revalidate"})

    def in_flight(self, dials):
        """Requests in flight by colour, also those of configurations before. Raises Problem."""
        counts = {one["address"]: one["num_requests"] for one in self.ask("GET", "/reverse_proxy/upstreams")}
        return {colour: counts.get(dial, 0) for colour, dial in dials.items()}

    def ask(self, method, path, payload=None, headers=None):
        body = json.dumps(payload).encode() if payload is not None else None
        connection = http.client.HTTPConnection("localhost")
        try:
            with socket.socket(socket.AF_UNIX) as connection.sock:
                connection.sock.settimeout(ADMIN_SECONDS)
                connection.sock.connect(CADDY_SOCKET)
                connection.request(method, path, body, {"content-type": "application/json", **(headers or {})})
                answer = connection.getresponse()
                status, content = answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Problem(f"Caddy does not answer: {error}") from None
        if status == 200:
            return json.loads(content or b"null")
        try:
            words = json.loads(content)["error"]
        except (ValueError, LookupError, TypeError):
            words = content.decode(errors="replace")
        raise Problem(f"Caddy: {words}")
