"""The door's report that the command line reads: agents/INSTANCE-door.json in the bucket."""
import json

from report import utc

# While requests drain, how often their number alone is written.
DRAINING_SECONDS = 10


class DoorReport:
    """current: what to report; written: what the bucket has."""

    def __init__(self, settings, instance, zone, aws):
        self.aws, self.bucket, self.key = aws, settings["bucket"], f"{settings['prefix']}/agents/{instance}-door.json"
        self.place = {"schema_version": 1, "instance": instance, "zone": zone}
        self.current, self.written, self.next_write = None, None, 0.0

    def say(self, generation, problem, slots, certificate):
        self.current = {**self.place, "generation": generation, "problem": problem, "slots": slots, "certificate": certificate}

    def write(self, now):
        current = self.current
        if current is None or not self.is_due(current, now):
            return
        self.aws.s3("PUT", self.bucket, self.key, json.dumps({**current, "at": utc()}).encode())
        self.written, self.next_write = current, now + DRAINING_SECONDS

    def is_due(self, current, now):
        if self.written is None or without_counts(current) != without_counts(self.written):
            return True
        draining = any(slot["state"] == "draining" for slot in current["slots"].values())
        return draining and now >= self.next_write and current != self.written


def without_counts(report):
    return {**report, "slots": {colour: {**slot, "in_flight": 0} for colour, slot in report["slots"].items()}}
