"""The container's health: what it answers, and the state that follows."""
import http.client

from http2 import call_health, request_http2
from limits import blame_limit
from request import opened

# A problem that stays definite for this many seconds makes a release unhealthy.
DEFINITE_SECONDS = 10
# For the whole answer, and bytes of its body. The rest of a longer body is not read.
HEALTH_SECONDS, HEALTH_BYTES = 3, 65536


def ask_health(port, path, protocol="http1"):
    """status (0 without an answer, None after a timeout), text (a sentence), and with a status location and body. Of gRPC also code."""
    if protocol == "grpc":
        return call_health(port, path, HEALTH_SECONDS, HEALTH_BYTES)
    if protocol == "http2":
        return ask_http2(port, path)
    try:
        headers = {"user-agent": "infer-deploy-agent"}
        with opened("GET", f"http://127.0.0.1:{port}{path}", headers, timeout=HEALTH_SECONDS) as answer:
            body, location = answer.read(HEALTH_BYTES).decode(errors="replace"), answer.headers.get("location", "")
            text = f"GET {path} on port {port} answered {answer.status}."
            return {"status": answer.status, "text": text, "location": location, "body": body}
    except TimeoutError:
        return {"status": None, "text": f"GET {path} on port {port} did not answer within {HEALTH_SECONDS} s."}
    except http.client.BadStatusLine as error:
        # The first frame of a server, SETTINGS, has this type in its fourth byte.
        if error.line[3:4] == "\x04":
            return {"status": 0, "spoken": "HTTP/2", "text": f"The container answers in HTTP/2 on port {port}, as a gRPC server does."}
        return {"status": 0, "text": f"Nothing answers on port {port}."}
    except (OSError, http.client.HTTPException):
        return {"status": 0, "text": f"Nothing answers on port {port}."}


def ask_http2(port, path):
    status, headers, body = request_http2(port, path, HEALTH_SECONDS, HEALTH_BYTES)
    if status is None:
        return {"status": None, "text": f"GET {path} on port {port} did not answer within {HEALTH_SECONDS} s."}
    if status == 0:
        return {"status": 0, "text": f"Nothing answers in HTTP/2 on port {port}."}
    text = f"GET {path} on port {port} answered {status}."
    return {"status": status, "text": text, "location": headers.get("location", ""), "body": body.decode(errors="replace")}


def is_healthy(answer, codes):
    """`codes`: of the release; for an answer of gRPC its codes."""
    return answer["code"] in codes if "code" in answer else is_good(answer["status"], codes)


def is_good(status, codes):
    """`codes`: of the release, or None for 200 to 299."""
    return status in codes if codes else 200 <= (status or 0) < 300


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
        return judge_end(end, seen["memory_mb"], seen.get("shm_mb"))
    if seen["definite"] >= DEFINITE_SECONDS:
        return "unhealthy", seen["answer"]
    if seen["seconds"] > seen["timeout"]:
        return "unhealthy", f"Not healthy within {seen['timeout']} s. {seen['answer']}"
    return "starting", f"The container is running. {seen['answer']}"


def judge_end(end, memory_mb, shm_mb=None):
    times = f"{end['restarts']} time{'s' if end['restarts'] > 1 else ''}"
    if end["error"]:
        return "failed", f"{end['error']} (tried {times})"
    if end["oom"]:
        part = f" {end['tmp_mb']} MB of them were files in /tmp: container.tmp.size limits them, and a folder of container.writable is on the disk." if end.get("tmp_mb", 0) * 4 >= memory_mb else ""
        return "out-of-memory", f"Killed for using more than its {memory_mb} MB of memory, {times} so far.{part}"
    # Docker knows only about kills for the container's own limit.
    why = " It was killed, perhaps because the instance is out of memory." if end["code"] == 137 else blame_limit(end["log_tail"], shm_mb)
    return "crashed", f"The container exited with code {end['code']} after {end['seconds']} s, {times} so far.{why}"
