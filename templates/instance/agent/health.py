"""The container's health: what it answers, why it may not, and the state that follows."""
import re

from files import last_lines
from request import send

# A problem that stays definite for this many seconds makes a release unhealthy.
DEFINITE_SECONDS = 10


def ask_health(port, path):
    """(healthy, the answer as a sentence, its status: 0 without an answer, None after a timeout)."""
    status, reason = send("GET", f"http://127.0.0.1:{port}{path}", {"user-agent": "infer-deploy-agent"}, timeout=3)
    if status:
        return 200 <= status < 300, f"GET {path} on port {port} answered {status}.", status
    if reason == b"timed out":
        return False, f"GET {path} on port {port} did not answer within 3 s.", None
    return False, f"Nothing answers on port {port}.", 0


def explain(port, status, tables, exposed):
    """(what to change, or ""; whether the problem is definite, so that waiting does not help).

    `tables`: the container's sockets, for status 0. `exposed`: the ports that its image declares.
    A model server may take minutes to open its port, open others first, and answer 400 or 503: none of that is definite.
    """
    if status in (401, 403, 404, 405):
        return " Set health.path to a path that answers GET with 2xx and needs no credentials.", True
    if status != 0:
        return "", False
    outside, inside = set(), set()
    for fields in (line.split() for line in tables.splitlines()):
        # 0A: a listening socket.
        if fields[3] == "0A":
            address, number = fields[1].split(":")
            (inside if re.fullmatch("(0{16}FFFF0000)?.{6}7F|0{24}01000000", address) else outside).add(int(number, 16))
    if port in outside:
        return "", False
    if port in inside:
        return f" The container listens on port {port} of 127.0.0.1 only; it must listen on 0.0.0.0.", True
    # An image that declares the configured port too will open it. Its other ports are for metrics and the like.
    declared = set() if port in exposed else outside & set(exposed)
    listed = ", ".join(map(str, sorted(declared or outside)))
    if declared:
        return f" The container listens on port {listed} instead, which its image exposes: set image.port to it.", True
    return f" The container listens on port {listed} instead." if outside else " The container listens on no port.", False


def socket_tables(container):
    """The lines of /proc/PID/net/tcp and tcp6."""
    folder = f"/proc/{container['State']['Pid'] if container else 0}/net"
    return "\n".join(line for name in ("tcp", "tcp6") for line in last_lines(f"{folder}/{name}", 0)[1:])


def judge(seen):
    """(state, detail) of a release that has been started.

    `seen`: healthy, answer, failures (in a row), proven (healthy since the last end), end (EXIT_FILE's content or None), memory_mb,
    seconds (since the release's start), timeout, definite (seconds for which a problem has been).
    """
    end = seen["end"]
    if seen["healthy"] or (seen["proven"] and seen["failures"] < 3):
        return "healthy", seen["answer"]
    if seen["proven"]:
        return "unhealthy", seen["answer"]
    if end:
        times = f"{end['restarts']} time{'s' if end['restarts'] > 1 else ''}"
        if end["error"]:
            return "failed", f"{end['error']} (tried {times})"
        if end["oom"]:
            return "out-of-memory", f"Killed for using more than its {seen['memory_mb']} MB of memory, {times} so far."
        return "crashed", f"The container exited with code {end['code']} after {end['seconds']} s, {times} so far."
    if seen["definite"] >= DEFINITE_SECONDS:
        return "unhealthy", seen["answer"]
    if seen["seconds"] > seen["timeout"]:
        return "unhealthy", f"Not healthy within {seen['timeout']} s. {seen['answer']}"
    return "starting", f"The container is running. {seen['answer']}"
