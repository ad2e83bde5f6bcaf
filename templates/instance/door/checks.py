"""The slots' health checks, and each slot's state in a target group's words."""
from health import ask_health, is_good

# In a row, before an answer counts: as a target group's threshold.
FAILURES = 3


class Check:
    """Of one slot. healthy: None before the first clear answer. failures: in a row. reason: of the last one."""

    def __init__(self, port):
        self.port = port
        self.forget()

    def forget(self):
        """For a slot that does not run."""
        self.healthy, self.failures, self.reason = None, 0, ""

    def look(self, path, codes=None):
        answer = ask_health(self.port, path)
        if is_good(answer["status"], codes):
            self.healthy, self.failures, self.reason = True, 0, ""
            return
        self.failures, self.reason = self.failures + 1, answer["text"]
        if self.failures >= FAILURES:
            self.healthy = False


def slot_state(check, runs, draining):
    """(state, reason). draining: it has lost its weight, and requests that it had are in flight."""
    if draining:
        return "draining", ""
    if not runs:
        return "unused", ""
    if check.healthy is None:
        return "initial", check.reason
    return ("healthy", "") if check.healthy else ("unhealthy", check.reason)
