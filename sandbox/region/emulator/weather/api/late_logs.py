"""CloudWatch shows a log event some time after it was put.

AWS documents no time. Tools that read on from the newest event lose those that come late (aws/aws-sdk#213,
lukewaite/logstash-input-cloudwatch-logs#47).
"""

import time

from emulator.weather.condition import Condition, seconds


class LateLogs(Condition):
    name = "late-logs"
    summary = "CloudWatch shows log events late"
    takes = "how late, such as 10s"
    default = "10s"

    def parse(self, text):
        return seconds(text)


CONDITION = LateLogs()


def is_shown(ingested):
    """ingested: milliseconds since 1970."""
    return not CONDITION.on or time.time() - ingested / 1000 >= CONDITION.value
