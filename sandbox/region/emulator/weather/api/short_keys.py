"""The caller's keys end.

The keys of a role, of IAM Identity Center or of GitHub's OIDC provider are a session with an end, an hour by default (IAM User
Guide, Temporary security credentials). Every call after it is refused, by each service in its own words: ExpiredToken (STS API,
Common errors; S3 API, List of error codes), ExpiredTokenException (Systems Manager API, Common errors), RequestExpired (EC2 API,
Error codes).
"""

import threading
import time

from emulator.refusals import refuse
from emulator.weather.condition import Condition, seconds

EXPIRED = "The security token included in the request is expired"
REFUSALS = {
    "ec2": (400, "RequestExpired", "Request has expired."),
    "s3": (400, "ExpiredToken", "The provided token has expired."),
    "json": (400, "ExpiredTokenException", EXPIRED),
    "rest-json": (403, "ExpiredTokenException", EXPIRED),
}
OTHERS = (403, "ExpiredToken", EXPIRED)


class ShortKeys(Condition):
    name = "short-keys"
    summary = "the caller's keys end some time after their first call"
    takes = "after how long, such as 15m"
    default = "15m"

    def parse(self, text):
        return seconds(text)

    def begin(self):
        self.guard = threading.Lock()
        # Access key and session token -> their first call. A new login brings another key, which begins at its first call.
        self.first = {}

    def meet(self, call, proceed):
        keys = (call.key, call.environ.get("HTTP_X_AMZ_SECURITY_TOKEN"))
        with self.guard:
            first = self.first.setdefault(keys, time.monotonic())
        if time.monotonic() - first < self.value:
            return proceed()
        return refuse(call, *REFUSALS.get(call.protocol, OTHERS))


CONDITION = ShortKeys()
