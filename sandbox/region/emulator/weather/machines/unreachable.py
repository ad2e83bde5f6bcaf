"""The address does not resolve, or does not answer, from where the command runs, while users reach it.

A resolver keeps a negative answer for as long as the zone's SOA record allows, 900 seconds in Route 53 (RFC 2308; SOA records). A
load balancer whose security group does not admit the caller says nothing at all (Security groups for your Application Load
Balancer). The command line asks for the weather when it opens a connection; see client/sandbox-fetch.ts.
"""

from emulator.weather.condition import Condition

WHAT = ("name", "address")


class Unreachable(Condition):
    name = "unreachable"
    summary = "an address does not resolve on this machine, or no load balancer answers it, while users reach it"
    takes = "name: domains do not resolve; address: load balancers do not answer either"
    default = "name"

    def parse(self, text):
        if text not in WHAT:
            raise ValueError(f'"{text}" is neither')
        return text


CONDITION = Unreachable()
