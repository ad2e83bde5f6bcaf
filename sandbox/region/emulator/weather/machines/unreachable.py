"""The address does not resolve, or does not answer, from where the command runs, while users reach it.

A resolver keeps a negative answer for as long as the zone's SOA record allows, 900 seconds in Route 53 (RFC 2308; SOA records).
"""

from emulator.weather.condition import Condition


class Unreachable(Condition):
    name = "unreachable"
    summary = "the address of a load balancer does not answer from this machine, while users reach it"


CONDITION = Unreachable()
