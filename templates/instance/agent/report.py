"""The report that the command line reads: agents/INSTANCE.json in the bucket."""
import json
import os
import time

from docker import BEFORE
from files import BOOT_FAILED, BOOT_LOG, CONTAINER_FILE, last_lines, read_json
from problem import Problem


class Report:
    """current: what to report. written: what the bucket has. last_words: of a container that ended. gpus: what was seen of them."""

    def __init__(self, settings, instance, zone, aws, docker):
        self.aws, self.docker, self.bucket = aws, docker, settings["bucket"]
        self.key = f"{settings['prefix']}/agents/{instance}.json"
        self.place = {"instance": instance, "zone": zone, "colour": settings["colour"]}
        self.current, self.written, self.last_words, self.written_tail = {}, {}, [], []
        self.gpus, self.written_gpus = {}, {}
        self.next_write = 0.0

    def say(self, state, detail, about, end=None, **more):
        """Sets the report on the release of the pointer `about`. `end`: EXIT_FILE's content. `more`: fields that only some states have."""
        current = {
            "schema_version": 1, **self.place,
            "release": about.get("release"), "version": about.get("version"),
            "digest": about["image"].split("@")[1] if about else None, "state": state, "detail": detail,
            "exit_code": end["code"] if end else None, "restarts": end["restarts"] if end else 0, **more,
        }
        if current != self.current:
            print(f"{state}: {detail}", flush=True)
        self.current, self.last_words = current, end["log_tail"] if end else []

    def write(self, now):
        """Writes changes. While a release is not healthy, also the container's new lines, every 10 s."""
        state, gpus = self.current.get("state"), self.gpus
        changed = self.current != self.written or gpus != self.written_gpus
        if not changed and (now < self.next_write or state in ("healthy", "no-release")):
            return
        self.next_write = now + 10
        tail = self.log_tail(state)
        if not changed and tail == self.written_tail:
            return
        document = {**self.current, **({"gpus": gpus} if gpus else {}), "log_tail": tail, "at": utc()}
        try:
            self.aws.s3("PUT", self.bucket, self.key, json.dumps(document).encode())
            self.written, self.written_tail, self.written_gpus = self.current, tail, gpus
        except Problem as problem:
            print(f"The report was not written: {problem}", flush=True)

    def log_tail(self, state):
        if state == "booting" or os.path.exists(BOOT_FAILED):
            return last_lines(BOOT_LOG)
        if state == "before":
            return self.docker.log_tail("", BEFORE)
        if state not in ("starting", "healthy", "unhealthy"):
            return self.last_words
        return self.docker.log_tail(read_json(CONTAINER_FILE).get("health", {}).get("path", ""))


def utc():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
