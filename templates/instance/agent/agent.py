#!/usr/bin/env python3
"""Keeps this instance running the release that its colour's pointer names, and reports on it in S3.

    infer-deploy-agent                  the agent: pointer -> record -> image -> container -> health -> report
    infer-deploy-agent run-container    the foreground process of infer-deploy-app.service
    infer-deploy-agent run-before       the process of infer-deploy-before.service: the command of release.before

Needs Python's standard library only: every Ubuntu cloud image has Python for cloud-init, and none has jq.
Talks to Docker through its socket, so that no shell and no argument list sees a user's values.
"""
import os
import random
import signal
import sys
import time

from aws import Aws
from before import Before, run_before
from bootlog import BootLog
from container import run_container
from docker import Docker
from fetch import fetch_release
from files import BOOT_FAILED, CONTAINER_FILE, EXIT_FILE, SETTINGS_FILE, read_json, write_json
from gpus import Gpus
from measure import Measure
from metadata import Metadata
from pointer import Pointer
from problem import Problem
from report import Report, utc
from spot import Spot
from standby import Standby
from unit import systemctl
from watch import Watch
from weights import Weights, release_weights

# How long after the agent's start a refusal may mean that the role has not spread through IAM yet.
GRACE_SECONDS = 120
# A release ends when an instance reports a failure. So one is reported only after this time and these tries in a row.
PATIENCE_SECONDS, PATIENCE_TRIES = 60, 3


class Agent:
    """running: CONTAINER_FILE's content, {} when nothing runs. keep, models: the images and the models to keep once it is healthy.

    tries: in a row that failed; failing: since when. fetched: the release that can start, and waits. former: the release that it has replaced.
    """

    def __init__(self, settings, metadata, aws, docker):
        self.settings, self.aws, self.docker = settings, aws, docker
        self.instance, zone = metadata.read("instance-id"), metadata.read("placement/availability-zone")
        self.pointer, self.standby, self.watch = Pointer(settings, aws), Standby(metadata), Watch(docker)
        self.report, self.boot_log = Report(settings, self.instance, zone, aws, docker), BootLog(settings, self.instance, aws)
        self.measure, self.gpus, self.before = Measure(settings, self.instance, aws), Gpus(settings), Before(docker)
        self.spot = Spot(settings, metadata, aws, self.instance)
        self.born, self.running, self.keep = time.monotonic(), read_json(CONTAINER_FILE), []
        self.models, self.weights = [], Weights(aws)
        self.reset()

    def run(self):
        """One round a second. SIGHUP reads the pointer at once; it never interrupts a round."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
        self.gpus.start()
        while True:
            self.tick(time.monotonic())
            if signal.sigtimedwait({signal.SIGHUP}, 1):
                self.pointer.next_poll = self.next_try = 0.0

    def tick(self, now):
        try:
            self.report.gpus = self.gpus.seen
            if self.spot.look(now):
                # The container keeps answering what it has, and starts nothing new.
                self.report.say("leaving", self.spot.words(), self.running.get("pointer") or {})
            elif self.gpus.lost:
                self.give_up()
            elif self.docker.ready() and self.gpus.named():
                self.follow(now)
            elif os.path.exists(BOOT_FAILED):
                raise Problem("The boot script failed.", definite=True)
            elif self.running:
                raise Problem("Docker does not answer.")
            else:
                self.report.say("booting", "Waiting for Docker.", {})
        except Exception as error:  # Any error must be readable from outside.
            self.complain(error, now)
        self.report.write(time.monotonic())
        self.boot_log.send()
        self.measure.send(time.monotonic(), self.running.get("port"))
        if self.keep and self.report.written.get("state") == "healthy":
            self.docker.prune(self.keep)
            release_weights(self.models)
            self.keep = []

    def complain(self, error, now):
        """Reports an error as progress at first, because most of them pass: a registry that is busy, a name server that is not up."""
        self.tries += 1
        self.failing = self.failing or now
        self.next_try = time.monotonic() + random.uniform(0.7, 1) * min(60, 2**self.tries)
        text = str(error) if isinstance(error, Problem) else repr(error)
        young = getattr(error, "denied", False) and now - self.born < GRACE_SECONDS
        passing = young or self.tries < PATIENCE_TRIES or now - self.failing < PATIENCE_SECONDS
        if getattr(error, "definite", False) or not passing:
            self.report.say(getattr(error, "state", "failed"), text, self.pointer.wanted or {})
        elif self.running and not self.is_due():
            print(text, flush=True)
        else:
            self.report.say("pulling" if self.pointer.wanted else "booting", text, self.pointer.wanted or {})

    def reset(self):
        self.tries, self.failing, self.next_try, self.fetched, self.former = 0, None, 0.0, None, None

    def follow(self, now):
        # Only a running release can be updated in place, so an empty instance does not ask for Standby.
        if self.running and self.standby.look(now):
            self.reset()
            self.pointer.next_poll = 0.0
        if self.pointer.poll(now, idle=not self.running):
            self.reset()
        self.before.keep_only(self.pointer.order(self.instance))
        if self.pointer.wanted == {}:
            self.empty()
        elif self.is_due():
            if now >= self.next_try:
                self.apply(self.pointer.wanted, now)
        elif self.running:
            seen = self.watch.look(now, self.running)
            if seen:
                state, detail, end = seen
                self.report.say(state, detail, self.running["pointer"], end, started_at=self.running.get("started_at"))
            self.reset()

    def is_due(self):
        """True when the pointer names another release than the running one, and that release may start now."""
        if self.pointer.wanted in (None, self.running.get("pointer")):
            return False
        return not self.running or self.may_replace()

    def may_replace(self):
        """An instance that an earlier release has left in the group is leaving, and has requests in flight until it ends."""
        return {"in-standby": self.standby.since is not None, "never": False}.get(self.pointer.update, True)

    def give_up(self):
        """Without a GPU the application may answer its health path all the same. Without the container the load balancer finds the
        instance unhealthy, and its group replaces it."""
        about = self.running.get("pointer") or self.pointer.wanted or {}
        self.report.say("gpu-lost", f"{self.gpus.lost} The instance must be replaced.", about)
        if self.running:
            # Requests in flight have their time to finish, which may be long.
            self.report.write(time.monotonic())
            self.stop_container()

    def empty(self):
        if self.running:
            self.stop_container()
        self.report.say("no-release", "The release pointer is empty.", {})
        self.reset()

    def apply(self, pointer, now):
        """Fetches everything first, so that the running release stops only when the next one can start."""
        if not self.fetched:
            if not self.tries:
                self.report.say("pulling", f"Pulling {pointer['image']}.", pointer)
                self.report.write(time.monotonic())
            self.fetched = self.fetch(pointer)
        wanted = self.fetched
        if not wanted:
            return
        if self.running and self.pointer.update == "in-standby":
            drained = self.standby.since + wanted["health"]["drain_seconds"]
            if now < drained:
                self.next_try = drained
                self.report.say("pulling", "The image is here. Waiting for requests in flight to finish.", pointer)
                return
        self.former = self.former or self.running or wanted
        if self.pointer.before and wanted["before"]:
            return self.hold(pointer, wanted)
        if self.must_wait(wanted["alone"]):
            self.next_try = time.monotonic() + 0.5
            self.report.say("pulling", "The image is here. Waiting for the other container to stop.", pointer, pulled_percent=100)
            return
        self.keep = [pointer["image"], self.former["config"]["Image"]]
        self.models = [wanted["model"], self.former.get("model")]
        systemctl("stop")
        write_json(EXIT_FILE, {})
        self.running = {**wanted, "started_at": utc()}
        write_json(CONTAINER_FILE, self.running)
        systemctl("start")
        self.reset()
        self.watch.forget()
        self.report.say("starting", "Starting the container.", pointer, started_at=self.running["started_at"])

    def hold(self, pointer, wanted):
        """Waits until release.before has succeeded, here or on another instance. Two containers may not have room, so what ran here ends first."""
        if self.running:
            self.stop_container()
        order = self.pointer.order(self.instance)
        if order:
            state, detail, end, facts = self.before.follow(order, wanted)
            self.report.say(state, detail, pointer, end, before={**facts, "attempt": self.pointer.before["attempt"]})
        else:
            self.report.say("holding", "The image is here. Waiting for release.before.", pointer, pulled_percent=100)

    def must_wait(self, _alone):
        """Whether another container must stop first. An instance of a fleet has no other."""
        return False

    def stop_container(self):
        systemctl("stop")
        self.running = {}
        write_json(CONTAINER_FILE, {})

    def fetch(self, pointer):
        """None when another release is wanted by now."""
        wanted = fetch_release(pointer, self.settings, self.instance, self.aws, self.docker, self.report_share, self.begin_weights)
        if self.weights.wait(self.report_weights, lambda: self.goes_on(pointer)):
            return wanted
        self.reset()
        return None

    def begin_weights(self, model, token):
        self.weights.begin(model, token, self.running.get("model"))

    def goes_on(self, pointer):
        self.pointer.poll(time.monotonic(), idle=False)
        return self.pointer.wanted == pointer

    def report_share(self, percent, megabytes):
        pointer, weights = self.pointer.wanted, self.weights.look()
        text, more = f"Pulling {pointer['image']}: {percent} % of {megabytes} MB.", {"pulled_percent": percent}
        if weights:
            text, more = f"{text} {weights_text(*weights)}", {**more, **weights_fields(*weights)}
        self.report.say("pulling", text, pointer, **more)
        self.report.write(time.monotonic())

    def report_weights(self, *weights):
        self.report.say("fetching", weights_text(*weights), self.pointer.wanted, **weights_fields(*weights))
        self.report.write(time.monotonic())


def weights_text(percent, megabytes, speed):
    return f"Fetching the model's weights: {percent} % of {megabytes} MB, {speed} MB/s."


def weights_fields(percent, _, speed):
    return {"fetched_percent": percent, "fetched_mb_per_second": speed}


def main():
    if sys.argv[1:] == ["run-container"]:
        return run_container()
    if sys.argv[1:] == ["run-before"]:
        return run_before()
    settings, metadata = read_json(SETTINGS_FILE), Metadata()
    aws = Aws(settings, metadata, os.environ.get("AWS_ENDPOINT_URL", ""))
    return Agent(settings, metadata, aws, Docker()).run()


if __name__ == "__main__":
    sys.exit(main())
