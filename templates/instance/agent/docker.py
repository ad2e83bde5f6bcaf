"""Docker's HTTP interface, through its socket."""
import base64
import http.client
import json
import re
import urllib.parse

from files import SLOT
from problem import Problem
from request import error_of, opened, send

APP = f"infer-deploy-app{SLOT}"
# The one that runs the command of release.before.
BEFORE = f"infer-deploy-before{SLOT}"
# Versions of the interface that this agent was tested with: Docker 20.10 and Docker 26.
OLDEST_API, NEWEST_API = (1, 41), (1, 45)


class Docker:
    """api: the version of the interface in use, None until the daemon was asked."""

    def __init__(self):
        self.api = None

    def url(self, path):
        if not self.api:
            status, answer = send("GET", "http://docker/version", {})
            if status != 200:
                raise Problem(f"Docker did not say its version: {error_of(answer)[1]}")
            self.api = choose_api(json.loads(answer))
        return f"http://docker/v{self.api[0]}.{self.api[1]}{path}"

    def call(self, method, path, payload=None, accept=(), timeout=60.0):
        """The answer's body; None for a status in `accept`. Raises Problem with Docker's own message."""
        body = json.dumps(payload).encode() if payload else None
        status, answer = send(method, self.url(path), {"content-type": "application/json"}, body, timeout)
        if not 200 <= status < 400 and status not in accept:
            # "client version 1.45 is too new": the daemon is another one than before.
            self.api = None if status == 400 else self.api
            raise Problem(error_of(answer)[1])
        return None if status in accept else answer

    def ready(self):
        if send("GET", "http://docker/_ping", {}, timeout=5)[0] == 200:
            return True
        self.api = None
        return False

    def inspect(self, name=APP):
        """The container, as Docker describes it, or None."""
        return json.loads(self.call("GET", f"/containers/{name}/json", accept=(404,)) or "null")

    def remove(self, name):
        """Ends the container, and removes it with its volumes. None of this name is as good."""
        self.call("DELETE", f"/containers/{name}?force=1&v=1", accept=(404,))

    def pull(self, image, login, progress):
        """Pulls by digest what is not here yet. `login()` gives the registry's user and password, `progress()` what takes Docker's messages."""
        if self.call("GET", f"/images/{image}/json", accept=(404,)):
            return
        query = urllib.parse.urlencode(dict(zip(("fromImage", "tag"), image.split("@"))))
        auth = {"X-Registry-Auth": base64.urlsafe_b64encode(json.dumps(login()).encode()).decode()}
        try:
            with opened("POST", self.url(f"/images/create?{query}"), auth, timeout=300, idle=True) as answer:
                refused = answer.status != 200
                error = error_of(answer.read(65536))[1] if refused else follow_pull(answer, progress())
        except (OSError, http.client.HTTPException) as lost:
            error = str(lost)
        if error:
            state = refusal_state(error)
            raise Problem(f"{image} could not be pulled: {error}", state, definite=state == "image-missing")

    def others(self):
        """Whether another slot's container runs here."""
        query = urllib.parse.quote(json.dumps({"name": ["infer-deploy-app"]}))
        return any(f"/{APP}" not in one["Names"] for one in json.loads(self.call("GET", f"/containers/json?filters={query}")))

    def image(self, image):
        """The settings that the image itself has."""
        return json.loads(self.call("GET", f"/images/{image}/json"))["Config"] or {}

    def exposed(self, image):
        """The TCP ports that the image itself declares."""
        return [int(port[:-4]) for port in self.image(image).get("ExposedPorts") or {} if re.fullmatch(r"\d+/tcp", port)]

    def log_tail(self, path, name=APP):
        """The container's last lines, less what an access log says about checks of the health path."""
        try:
            with opened("GET", self.url(f"/containers/{name}/logs?stdout=1&stderr=1&tail=400"), {}, timeout=5, idle=True) as answer:
                return log_lines(answer, path) if answer.status == 200 else []
        except (OSError, http.client.HTTPException, Problem):
            return []

    def prune(self, keep):
        """Removes the images of the first one's repository that are not in `keep`."""
        try:
            for image in json.loads(self.call("GET", "/images/json")):
                for name in image.get("RepoDigests") or []:
                    if name.split("@")[0] == keep[0].split("@")[0] and name not in keep:
                        self.call("DELETE", f"/images/{name}", accept=(404, 409))
        except Problem as problem:
            print(f"Old images were not removed: {problem}", flush=True)


def choose_api(daemon):
    """The version to speak, as two numbers: the newest that was tested, or the daemon's nearest. Raises Problem for an older daemon."""
    least, most = ([int(part) for part in daemon.get(name, "1.0").split(".")] for name in ("MinAPIVersion", "ApiVersion"))
    if tuple(most) < OLDEST_API:
        words = f"Docker {daemon.get('Version')} is too old: its API has version {daemon.get('ApiVersion')}."
        raise Problem(f"{words} Use a machine image with Docker 20.10 or newer.", definite=True)
    return max(tuple(least), min(tuple(most), NEWEST_API))


def follow_pull(answer, progress):
    """Reads Docker's messages to the end. The error among them, or None."""
    for text in iter(lambda: answer.readline(2**20), b""):
        message = json.loads(text)
        error = (message.get("errorDetail") or {}).get("message") or message.get("error")
        if error:
            return error
        progress.note(message)
    return None


def refusal_state(error):
    """The agent's state for a failed pull. Docker's "access denied ... does not exist or may require login" is denied."""
    if re.search(r"denied|unauthorized|no basic auth|forbidden|\b40[13]\b", error, re.IGNORECASE):
        return "pull-denied"
    return "image-missing" if re.search("not found|unknown|does not exist", error, re.IGNORECASE) else "failed"


def log_lines(stream, path):
    """The last 40 lines of Docker's log stream: frames of an 8-byte header (stream, length) and text."""
    text = b""
    while len(header := stream.read(8)) == 8:
        text = (text + stream.read(int.from_bytes(header[4:], "big")))[-(2**17):]
    lines = text.decode(errors="replace").splitlines()
    # Of nothing but checks, a few show how they were answered. own-checks.ts knows more kinds of access logs.
    other = [line for line in lines if f"GET {path} HTTP/" not in line and "infer-deploy-agent" not in line and "ELB-HealthChecker" not in line]
    return [line[:500] for line in (other[-40:] or lines[-3:])]
