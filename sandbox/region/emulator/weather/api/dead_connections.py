"""A connection says nothing any more, and stays open.

A NAT device, VPN or firewall on the way forgets the connection, or the machine slept: neither side learns of it before its own
timeout (EC2 User Guide, Connection tracking: idle timeouts; RFC 1122, 4.2.3.6).
"""

import select
import socket
import threading
import time

from emulator.weather.condition import Condition, count, seconds


class DeadConnections(Condition):
    name = "dead-connections"
    summary = "a call gets no answer, and its connection stays open"
    takes = "every how many calls, such as 20, or after how long all of them, such as 30s"
    default = "20"

    def parse(self, text):
        return (None, seconds(text)) if text.endswith(("s", "m", "h")) else (count(text), None)

    def begin(self):
        self.guard = threading.Lock()
        self.calls = 0
        self.since = time.monotonic()
        # Calls that wait for another weather see that it has come.
        self.weather = object()

    def end(self):
        self.weather = None

    def meet(self, call, proceed):
        every, after = self.value
        with self.guard:
            self.calls += 1
            dead = self.calls % every == 0 if every else time.monotonic() - self.since >= after
        if not dead:
            return proceed()
        weather = self.weather
        while self.weather is weather and not has_gone(call.environ["werkzeug.socket"]):
            time.sleep(0.2)
        raise ConnectionResetError


def has_gone(connection):
    """Whether the client has closed its side."""
    try:
        readable, _, _ = select.select([connection], [], [], 0)
        return bool(readable) and connection.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True


CONDITION = DeadConnections()
