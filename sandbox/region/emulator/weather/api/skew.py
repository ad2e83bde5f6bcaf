"""The region's clock and this machine's differ.

AWS refuses a request that was signed more than five minutes ago or ahead, S3, EC2 and STS more than fifteen (IAM User Guide, AWS
Signature Version 4, Protect against replay attacks; S3 API, RequestTimeTooSkewed). SDKs read the Date header of the refusal,
correct their clock and repeat the call (AWS Developer Tools Blog, Clock-skew correction); other programs do not.
"""

import datetime
import re
import sys
import time

import moto.core.utils

from emulator.refusals import refuse
from emulator.weather.condition import Condition, seconds

MOST_SECONDS = {"s3": 900, "ec2": 900, "sts": 900}
USUAL_SECONDS = 300


class Skew(Condition):
    name = "skew"
    summary = "the region's clock and this machine's differ"
    takes = "how far the region's is ahead, such as 10m, or behind, such as -10m"
    default = "10m"

    def parse(self, text):
        return -seconds(text[1:]) if text.startswith("-") else seconds(text)

    def meet(self, call, proceed):
        signed, now = time_of(call), time.time() + self.value
        most = MOST_SECONDS.get(call.signing, USUAL_SECONDS)
        if signed is None or abs(now - signed) <= most:
            return proceed()
        return refuse(call, *answer(call, signed, now, most))


def answer(call, signed, now, most):
    if call.signing == "s3":
        return 403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large."
    if call.signing == "ec2":
        return 401, "AuthFailure", "AWS was not able to validate the provided access credentials"
    limit = f"({stamp(now)} {'-' if signed < now else '+'} {most // 60} min.)"
    if signed < now:
        text = f"Signature expired: {stamp(signed)} is now earlier than {stamp(now - most)} {limit}"
    else:
        text = f"Signature not yet current: {stamp(signed)} is still later than {stamp(now + most)} {limit}"
    if call.protocol in ("json", "rest-json"):
        return 400, "InvalidSignatureException", text
    return 403, "SignatureDoesNotMatch", text


def time_of(call):
    """When a request was signed, in seconds since 1970; None for an unsigned one."""
    found = re.fullmatch(r"\d{8}T\d{6}Z", call.environ.get("HTTP_X_AMZ_DATE", ""))
    return datetime.datetime.strptime(found.group(), "%Y%m%dT%H%M%S%z").timestamp() if found else None


def stamp(moment):
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(moment))


def offset():
    """Seconds by which the region's clock is ahead."""
    return CONDITION.value if CONDITION.on else 0


def shift_clock():
    """moto dates all that it makes by one function, which many of its modules have imported by name."""
    real = moto.core.utils.utcnow

    def utcnow():
        return real() + datetime.timedelta(seconds=offset())

    for module in list(sys.modules.values()):
        if getattr(module, "utcnow", None) is real:
            module.utcnow = utcnow


CONDITION = Skew()
