"""Docker's HTTP interface, through its socket."""
import base64
import json
import re
import urllib.parse

from problem import Problem
from request import error_of, send

APP = "infer-deploy-app"


class Docker:
    def call(self, method, path, payload=None, accept=(), timeout=60.0, headers=None):
        """The answer's body; None for a status in `accept`. Raises Problem with Docker's own message."""
        body = json.dumps(payload).encode() if payload else None
        sent = {"content-type": "application/json", **(headers or {})}
        status, answer = send(method, "http://docker" + path, sent, body, timeout)
        if not 200 <= status < 400 and status not in accept:
            raise Problem(error_of(answer)[1])
        return None if status in accept else answer

    def ready(self):
        return send("GET", "http://docker/_ping", {}, timeout=5)[0] == 200

    def inspect(self):
        """The container, as Docker describes it, or None."""
        return json.loads(self.call("GET", f"/containers/{APP}/json", accept=(404,)) or "null")

    def pull(self, image, login):
        """Pulls by digest what is not here yet. `login()` gives the registry's user and password."""
        if self.call("GET", f"/images/{image}/json", accept=(404,)):
            return
        query = urllib.parse.urlencode(dict(zip(("fromImage", "tag"), image.split("@"))))
        auth = {"X-Registry-Auth": base64.urlsafe_b64encode(json.dumps(login()).encode()).decode()}
        try:
            lines = self.call("POST", f"/images/create?{query}", timeout=300, headers=auth).splitlines()
            error = next(filter(None, (json.loads(line).get("error") for line in lines)), None)
        except Problem as problem:
            error = str(problem)
        if error:
            raise Problem(f"{image} could not be pulled: {error}", refusal_state(error))

    def exposed(self, image):
        """The TCP ports that the image itself declares."""
        declared = (json.loads(self.call("GET", f"/images/{image}/json"))["Config"] or {}).get("ExposedPorts") or {}
        return [int(port[:-4]) for port in declared if re.fullmatch(r"\d+/tcp", port)]

    def log_tail(self):
        try:
            path = f"/containers/{APP}/logs?stdout=1&stderr=1&tail=40"
            return log_lines(self.call("GET", path, accept=(404, 409, 500, 501), timeout=5) or b"")
        except Problem:
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


def refusal_state(error):
    """The agent's state for a failed pull. Docker's "access denied ... does not exist or may require login" is denied."""
    if re.search(r"denied|unauthorized|no basic auth|forbidden|\b40[13]\b", error, re.IGNORECASE):
        return "pull-denied"
    return "image-missing" if re.search("not found|unknown|does not exist", error, re.IGNORECASE) else "failed"


def log_lines(stream):
    """The last 40 lines of Docker's log stream: frames of an 8-byte header (stream, length) and text."""
    text, at = b"", 0
    while at + 8 <= len(stream):
        end = at + 8 + int.from_bytes(stream[at + 4 : at + 8], "big")
        text, at = text + stream[at + 8 : end], end
    return [line[:500] for line in text.decode(errors="replace").splitlines()[-40:]]
