"""Standby: the group has taken the instance out of the load balancer, for an update in place."""
from problem import Problem


class Standby:
    """since: when Standby began, or None."""

    def __init__(self, metadata):
        self.metadata, self.since, self.next_look = metadata, None, 0.0

    def look(self, now):
        """True when Standby has just begun: from then on the load balancer drains the instance.

        The answer comes from the machine's own host, without cost or quota.
        """
        if now < self.next_look:
            return False
        self.next_look = now + 2
        try:
            standby = self.metadata.read("autoscaling/target-lifecycle-state", "") == "Standby"
        except Problem as problem:
            print(problem, flush=True)
            return False
        begins = standby and self.since is None
        self.since = (self.since or now) if standby else None
        return begins
