"""One HTTP request, and what an error answer says."""
import http.client
import json
import re
import socket
import urllib.parse


def send(method, url, headers, body=None, timeout=10.0):
    """(status, body). Status 0: no answer, and the body is the reason. The host `docker` is Docker's socket."""
    parts = urllib.parse.urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=timeout)
    try:
        if parts.netloc == "docker":
            connection.sock = socket.socket(socket.AF_UNIX)
            connection.sock.settimeout(timeout)
            connection.sock.connect("/run/docker.sock")
        connection.request(method, url.split(parts.netloc, 1)[1], body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error).encode()
    finally:
        connection.close()


def error_of(body):
    """(code, message) of an error: AWS's in JSON or XML, or Docker's, which has no code."""
    text = body.decode(errors="replace")
    try:
        found = json.loads(text)
        return found.get("__type", "").split("#")[-1], found.get("message") or found.get("Message") or ""
    except (ValueError, AttributeError):
        code, message = (re.search(f"<{name}>(.*?)</{name}>", text) for name in ("Code", "Message"))
        return code.group(1) if code else "", message.group(1) if message else text[:200]
