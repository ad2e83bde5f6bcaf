"""Watches the running container: its health and its ends."""
import time

from advice import explain, refuses, socket_tables
from files import EXIT_FILE, read_json
from health import ask_health, is_healthy, judge

# A path that no application has.
NO_PATH = "/infer-deploy-asks-for-a-path-that-is-not-there"


class Watch:
    """failures: in a row. proven: healthy since the last end. wrong: since when a problem has been definite."""

    def __init__(self, docker):
        self.docker = docker
        self.forget()

    def forget(self):
        """For a release that has just started."""
        self.ends, self.failures, self.proven, self.wrong = 0, 0, False, None
        self.started, self.next_look = time.monotonic(), 0.0

    def look(self, now, running):
        """(state, detail, end); None when there is nothing new. `running`: CONTAINER_FILE's content."""
        end = read_json(EXIT_FILE) or None
        if end and end["restarts"] != self.ends:
            self.ends, self.proven, self.next_look = end["restarts"], False, 0.0
        if not running or now < self.next_look:
            return None
        answer = self.ask(running, running["health"]["path"])
        healthy = is_healthy(answer, running["health"].get("codes"))
        self.proven, self.failures = self.proven or healthy, 0 if healthy else self.failures + 1
        self.next_look = now + 3 if healthy else 0.0
        # One or two bad answers in a row change nothing yet.
        if not healthy and self.proven and self.failures < 3:
            return None
        hint, definite = ("", False) if healthy else explain(running["port"], answer, self.look_closer(running, answer["status"]))
        shown = definite and not self.proven or now - self.started > 5 and (answer["status"] == 0 or not self.proven)
        seen = {"healthy": healthy, "answer": answer["text"] + (hint if shown else ""), "failures": self.failures, "proven": self.proven}
        seen.update(end=end, memory_mb=running["memory_mb"], shm_mb=running["options"]["shm_mb"], seconds=now - self.started, timeout=running["health"]["timeout_seconds"])
        self.wrong = (self.wrong or now) if definite else None
        seen["definite"] = now - self.wrong if definite and running["health"]["fail_fast"] else 0
        return *judge(seen), end

    def ask(self, running, path):
        return ask_health(running["port"], path, running["health"].get("protocol", "http1"))

    def look_closer(self, running, status):
        """For a status of 0: tables (the container's sockets), refused (its port, for IPv4), exposed (ports that its image declares).
        For 400: any_path, whether a path that is not there gets the same answer, as from an application that refuses the Host."""
        if status == 400:
            return {"any_path": self.ask(running, NO_PATH)["status"] == 400}
        if status != 0:
            return {}
        if running["health"].get("protocol", "http1") != "http1":
            spoken = ask_health(running["port"], NO_PATH)
            if spoken["status"]:
                return {"spoken": "HTTP/1.1"}
        container = self.docker.inspect()
        return {"tables": socket_tables(container), "refused": refuses(container, running["port"]), "exposed": running["exposed"]}
