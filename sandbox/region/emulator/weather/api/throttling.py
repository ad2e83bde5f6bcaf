"""Each service refuses calls above its rate, for the account and the region together.

EC2: buckets of 100 tokens for each reading action, refilled with 20 a second; 50 and 5 for each changing one; 4 and 0.3 for
CreateVpcEndpoint (Request throttling for the Amazon EC2 API). Elastic Load Balancing: 40 and 10 for all reading actions
together (Request throttling for the ELB API). CloudWatch: DescribeAlarms 9 a second, PutMetricAlarm 3 (CloudWatch service
quotas). Systems Manager: 40 a second for GetParameter, GetParameters and GetParametersByPath together (Systems Manager
endpoints and quotas). CloudWatch Logs: FilterLogEvents 5 a second, in most regions (CloudWatch Logs service quotas). Tagging: GetResources 15 a second (Tag Editor, Service quotas). Of the other rates AWS documents none, or
one that no single user reaches.
"""

import threading
import time

from emulator.refusals import refuse
from emulator.weather.condition import Condition, seconds

EXCEEDED = "Rate exceeded"
REFUSALS = {
    "ec2": (503, "RequestLimitExceeded", "Request limit exceeded."),
    "s3": (503, "SlowDown", "Please reduce your request rate."),
    "json": (400, "ThrottlingException", EXCEEDED),
    "rest-json": (429, "TooManyRequestsException", EXCEEDED),
}
OTHERS = (400, "Throttling", EXCEEDED)


class Throttling(Condition):
    name = "throttling"
    summary = "each service refuses calls above its rate"
    takes = "by what the documented rates are multiplied, such as 0.1, or for how long every call is refused, such as 30s"
    default = "1"

    def parse(self, text):
        if text.endswith(("s", "m", "h")):
            return None, seconds(text)
        factor = float(text)
        if factor <= 0:
            raise ValueError(f'"{text}" is not above 0')
        return factor, None

    def begin(self):
        self.guard = threading.Lock()
        self.since = time.monotonic()
        # Region and bucket -> tokens, and when they were counted.
        self.buckets = {}

    def concerns(self, call):
        """Instances use up the account's rates as well."""
        return True

    def meet(self, call, proceed):
        factor, everything = self.value
        if everything is not None:
            throttled = call.by_client and time.monotonic() - self.since < everything
        else:
            throttled = self.is_empty(call, factor)
        if not throttled:
            return proceed()
        if call.signing == "elasticloadbalancing":
            return refuse(call, 400, "ThrottlingException", EXCEEDED)
        return refuse(call, *REFUSALS.get(call.protocol, OTHERS))

    def is_empty(self, call, factor):
        found = rate(call)
        if found is None:
            return False
        bucket, size, refill = found
        most, now = max(1.0, size * factor), time.monotonic()
        with self.guard:
            tokens, counted = self.buckets.get((call.region, bucket), (most, now))
            tokens = min(most, tokens + (now - counted) * refill * factor)
            self.buckets[(call.region, bucket)] = (max(0, tokens - 1) if tokens >= 1 else tokens, now)
        return tokens < 1


def rate(call):
    """Bucket, its size, and tokens a second. None where no rate is known."""
    service, action = call.service, call.action
    if service == "ec2":
        if action == "CreateVpcEndpoint":
            return action, 4, 0.3
        return (action, 50, 5) if call.changes else (action, 100, 20)
    if service == "elasticloadbalancing" and not call.changes:
        return "elasticloadbalancing:Describe*", 40, 10
    if (service, action) in SHARED:
        return SHARED[(service, action)]
    return None


READING_PARAMETERS = ("ssm:GetParameter*", 40, 40)
SHARED = {
    ("cloudwatch", "DescribeAlarms"): ("cloudwatch:DescribeAlarms", 9, 9),
    ("cloudwatch", "PutMetricAlarm"): ("cloudwatch:PutMetricAlarm", 3, 3),
    ("logs", "FilterLogEvents"): ("logs:FilterLogEvents", 5, 5),
    ("ssm", "GetParameter"): READING_PARAMETERS,
    ("ssm", "GetParameters"): READING_PARAMETERS,
    ("ssm", "GetParametersByPath"): READING_PARAMETERS,
    ("tag", "GetResources"): ("tag:GetResources", 15, 15),
}
CONDITION = Throttling()
