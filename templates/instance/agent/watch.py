"""Watches the running container: its health and its ends."""
import time

from files import EXIT_FILE, read_json
from health import ask_health, explain, judge, socket_tables


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
        healthy, answer, status = ask_health(running["port"], running["health"]["path"])
        self.proven, self.failures = self.proven or healthy, 0 if healthy else self.failures + 1
        self.next_look = now + 3 if healthy else 0.0
        # One or two bad answers in a row change nothing yet.
        if not healthy and self.proven and self.failures < 3:
            return None
        hint, definite = self.explain(running, status)
        if definite and not self.proven or status == 0 and now - self.started > 5:
            answer += hint
        seen = {"healthy": healthy, "answer": answer, "failures": self.failures, "proven": self.proven, "end": end}
        seen.update(memory_mb=running["memory_mb"], seconds=now - self.started, timeout=running["health"]["timeout_seconds"])
        self.wrong = (self.wrong or now) if definite else None
        seen["definite"] = now - self.wrong if definite and running["health"]["fail_fast"] else 0
        return *judge(seen), end

    def explain(self, running, status):
        tables = socket_tables(self.docker.inspect()) if status == 0 else ""
        return explain(running["port"], status, tables, running["exposed"])
