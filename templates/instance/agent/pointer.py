"""The colour's release pointer: which release to run, with hints about when."""
import json
import random

from problem import Problem


class Pointer:
    """wanted: {} without a release, None before the first read. update: when it replaces a running release: at-once, in-standby or never.

    before: while the release waits for its command, {"attempt": number, "instance": which one runs it, or None}; otherwise None.
    """

    def __init__(self, settings, aws):
        self.name, self.usual_pause, self.aws = settings["pointer"], settings["poll_seconds"], aws
        self.wanted, self.update, self.before, self.pause, self.next_poll = None, "at-once", None, self.usual_pause, 0.0

    def poll(self, now, idle):
        """True when the pointer names another release than before. `idle`: nothing runs here."""
        if now < self.next_poll:
            return False
        # With jitter: the account's instances share 40 reads a second.
        jitter = random.uniform(0.8, 1.2)
        self.next_poll = now + self.pause * jitter
        try:
            answer = self.aws.call("ssm", "AmazonSSM.GetParameter", {"Name": self.name})
        except Problem as problem:
            if idle:
                self.next_poll = now + 2
                raise
            # The running release stays.
            print(problem, flush=True)
            return False
        wanted = json.loads(answer["Parameter"]["Value"])
        # Compare without the hints, because a pointer that differs only in them names the same release.
        self.pause = max(1, wanted.pop("poll_seconds", self.usual_pause))
        self.update = wanted.pop("update", "at-once")
        self.before = wanted.pop("before", None)
        self.next_poll = now + self.pause * jitter
        former, self.wanted = self.wanted, wanted
        return wanted != former

    def order(self, instance):
        """Names the command that this instance has to run now; None: no command. Each attempt has another name."""
        wants = self.wanted and self.before and self.before["instance"] == instance
        return f"{self.wanted['release']}.{self.before['attempt']}" if wants else None
