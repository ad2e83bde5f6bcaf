"""One error of DNS, S3 or the registry in the first tries of an instance's agent.

AWS advises every client to retry (Retry behavior, AWS SDKs and Tools Reference Guide).
"""

from emulator.weather.condition import Condition


class FlakyInstance(Condition):
    name = "flaky-instance"
    summary = "one DNS, S3 or registry error in the agent's first tries"


CONDITION = FlakyInstance()
