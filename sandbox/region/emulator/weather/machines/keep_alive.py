"""The load balancer keeps connections to targets for its idle timeout, and uses them again.

An application that closes an idle connection sooner gives sporadic 502 answers (Troubleshoot your Application Load Balancers,
HTTP 502).
"""

from emulator.weather.condition import Condition


class KeepAlive(Condition):
    name = "keep-alive"
    summary = "the load balancer keeps connections to targets for its idle timeout"


CONDITION = KeepAlive()
