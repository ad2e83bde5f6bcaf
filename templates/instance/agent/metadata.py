"""The instance metadata service, version 2."""
import datetime
import json
import os
import time

from problem import Problem
from request import send

# Bytes of an answer.
MOST = 65536


class Metadata:
    def __init__(self):
        self.base = os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254").rstrip("/") + "/latest/"
        self.keys, self.until, self.token = None, 0.0, None

    def read(self, path, absent=None):
        """The text at the path; `absent`, if given, when the path does not exist."""
        for _ in range(2):
            if not self.token:
                status, body = send("PUT", self.base + "api/token", {"X-aws-ec2-metadata-token-ttl-seconds": "21600"}, b"", 3, MOST)
                self.token = body.decode() if status == 200 else None
            if self.token:
                status, body = send("GET", self.base + "meta-data/" + path, {"X-aws-ec2-metadata-token": self.token}, None, 3, MOST)
                if status == 200:
                    return body.decode().strip()
                if status == 404 and absent is not None:
                    return absent
                # 401: the token's six hours are over.
                self.token = None
        raise Problem(f"The instance metadata service did not return {path} (status {status}).", denied=True)

    def credentials(self):
        """The instance role's keys, renewed five minutes before they expire."""
        if time.time() > self.until - 300:
            folder = "iam/security-credentials/"
            self.keys = json.loads(self.read(folder + self.read(folder).split("\n")[0]))
            self.until = datetime.datetime.strptime(self.keys["Expiration"][:19] + "+0000", "%Y-%m-%dT%H:%M:%S%z").timestamp()
        return self.keys
