"""A request in HTTP/2 without TLS, and a call of gRPC, to this machine: by curl, because Python's library has HTTP/1.1 only."""
import os
import subprocess

# The health check of https://grpc.io/docs/guides/health-checking. Its answer's message is one number, and 1 is SERVING.
HEALTH_METHOD = "/grpc.health.v1.Health/Check"
SERVING = b"\x08\x01"
STATES = {b"": "UNKNOWN", b"\x08\x02": "NOT_SERVING", b"\x08\x03": "SERVICE_UNKNOWN"}
# Not compressed, of no bytes.
EMPTY_MESSAGE = b"\0\0\0\0\0"
# curl's own code.
TIMEOUT = 28


def request_http2(port, path, seconds, largest, call=False):
    """(status, headers with trailers, body) of a GET, or of a call of gRPC with an empty message. Status None: no answer in time; 0: none in HTTP/2."""
    kind = ["--header", "content-type: application/grpc", "--header", "te: trailers", "--data-binary", "@-"] if call else []
    # In memory: a pipe for the headers could stop curl while the body is read.
    head = os.memfd_create("head")
    try:
        # A closed pipe ends curl, so that no more of a body is taken than is read.
        process = subprocess.Popen(
            ["curl", "--silent", "--http2-prior-knowledge", "--globoff", "--path-as-is", "--max-time", str(seconds), "--user-agent", "infer-deploy-agent",
             "--noproxy", "*", "--dump-header", f"/dev/fd/{head}", *kind, f"http://127.0.0.1:{port}{path}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, pass_fds=[head])
        with process:
            try:
                process.stdin.write(EMPTY_MESSAGE if call else b"")
                process.stdin.close()
            except BrokenPipeError:
                pass
            body = process.stdout.read(largest)
            process.stdout.close()
        status, headers = read_head(head, largest)
        cut = len(body) == largest
        if process.returncode == 0 or (cut and status):
            return status, headers, body
        return (None if process.returncode == TIMEOUT else 0), {}, b""
    finally:
        os.close(head)


def read_head(head, largest):
    lines = os.pread(head, largest, 0).decode(errors="replace").splitlines()
    # An answer of 1xx comes before the one that counts.
    status = [int(words[1]) for words in map(str.split, lines) if len(words) > 1 and words[0] == "HTTP/2" and words[1].isdigit()]
    pairs = (line.split(":", 1) for line in lines if ":" in line)
    return status[-1] if status else 0, {name.strip().lower(): value.strip() for name, value in pairs}


def call_health(port, path, seconds, largest):
    """As ask_health, with code: gRPC's, or None for an answer that is not gRPC's."""
    status, headers, body = request_http2(port, path, seconds, largest, call=True)
    what = f"The call of {path} on port {port}"
    if not status:
        return {"status": status, "code": None, "text": f"{what} was not answered within {seconds} s." if status is None else f"{what} was not answered in HTTP/2."}
    code = headers.get("grpc-status", "")
    if status != 200 or not code.isdigit():
        return {"status": status, "code": None, "location": "", "body": "", "text": f"{what} was answered with status {status} and not by gRPC."}
    words = headers.get("grpc-message", "")[:200]
    text = f"{what} was answered with code {code}" + (f": {words}." if words else ".")
    message = body[len(EMPTY_MESSAGE):]
    if path == HEALTH_METHOD and code == "0" and message != SERVING:
        # A load balancer reads the code only. A release waits for the server's word.
        return {"status": status, "code": None, "location": "", "body": "", "text": f"{what} was answered with {STATES.get(message, 'another message')}, not SERVING."}
    return {"status": status, "code": int(code), "location": "", "body": "", "text": text}
