#!/usr/bin/env python3
"""Keeps this instance running the release that its colour's pointer names, and reports on it in S3.

    infer-deploy-agent                  the agent: pointer -> record -> image -> container -> health -> report
    infer-deploy-agent run-container    the foreground process of infer-deploy-app.service

Needs Python's standard library only: every Ubuntu cloud image has Python for cloud-init, and none has jq.
Talks to Docker through its socket, so that no shell and no argument list sees a user's values.
"""
import os
import random
import signal
import subprocess
import sys
import time

from aws import Aws
from bootlog import BootLog
from container import run_container
from docker import APP, Docker
from fetch import fetch_release
from files import BOOT_FAILED, CONTAINER_FILE, EXIT_FILE, SETTINGS_FILE, read_json, write_json
from gpus import Gpus
from measure import Measure
from metadata import Metadata
from pointer import Pointer
from problem import Problem
from report import Report, utc
from standby import Standby
from watch import Watch

# How long after the agent's start a refusal may mean that the role has not spread through IAM yet.
GRACE_SECONDS = 120
# A release ends when an instance reports a failure. So one is reported only after this time and these tries in a row.
PATIENCE_SECONDS, PATIENCE_TRIES = 60, 3


class Agent:
    """running: CONTAINER_FILE's content, {} when nothing runs. keep: the images to keep once it is healthy.

    tries: in a row that failed; failing: since when. waiting: an update in place has its image.
    """

    def __init__(self, settings, metadata, aws, docker):
        self.settings, self.aws, self.docker = settings, aws, docker
        self.instance, zone = metadata.read("instance-id"), metadata.read("placement/availability-zone")
        self.pointer, self.standby, self.watch = Pointer(settings, aws), Standby(metadata), Watch(docker)
        self.report, self.boot_log = Report(settings, self.instance, zone, aws, docker), BootLog(settings, self.instance, aws)
        self.measure, self.gpus = Measure(settings, self.instance, aws), Gpus(settings)
        self.born, self.running, self.keep = time.monotonic(), read_json(CONTAINER_FILE), []
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
            if self.gpus.lost:
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
        self.tries, self.failing, self.next_try, self.waiting = 0, None, 0.0, False

    def follow(self, now):
        # Only a running release can be updated in place, so an empty instance does not ask for Standby.
        if self.running and self.standby.look(now):
            self.reset()
            self.pointer.next_poll = 0.0
        if self.pointer.poll(now, idle=not self.running):
            self.reset()
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
        return not self.running or not self.pointer.in_place or self.standby.since is not None

    def give_up(self):
        """Without a GPU the application may answer its health path all the same. Without the container the load balancer finds the
        instance unhealthy, and its group replaces it."""
        about = self.running.get("pointer") or self.pointer.wanted or {}
        self.report.say("gpu-lost", f"{self.gpus.lost} The instance must be replaced.", about)
        if self.running:
            # Requests in flight have their time to finish, which may be long.
            self.report.write(time.monotonic())
            systemctl("stop")
            self.running = {}
            write_json(CONTAINER_FILE, {})

    def empty(self):
        if self.running:
            systemctl("stop")
            self.running = {}
            write_json(CONTAINER_FILE, {})
        self.report.say("no-release", "The release pointer is empty.", {})
        self.reset()

    def apply(self, pointer, now):
        """Fetches everything first, so that the running release stops only when the next one can start."""
        if not self.tries and not self.waiting:
            self.report.say("pulling", f"Pulling {pointer['image']}.", pointer)
            self.report.write(time.monotonic())
        wanted = self.fetch(pointer)
        if not wanted:
            return
        if self.running and self.pointer.in_place:
            drained = self.standby.since + wanted["health"]["drain_seconds"]
            if now < drained:
                self.waiting, self.next_try = True, drained
                self.report.say("pulling", "The image is here. Waiting for requests in flight to finish.", pointer)
                return
        self.keep = [pointer["image"], (self.running or wanted)["config"]["Image"]]
        systemctl("stop")
        write_json(EXIT_FILE, {})
        self.running = {**wanted, "started_at": utc()}
        write_json(CONTAINER_FILE, self.running)
        systemctl("start")
        self.reset()
        self.watch.forget()
        self.report.say("starting", "Starting the container.", pointer, started_at=self.running["started_at"])

    def fetch(self, pointer):
        return fetch_release(pointer, self.settings, self.instance, self.aws, self.docker, self.report_share)

    def report_share(self, percent, megabytes):
        pointer = self.pointer.wanted
        self.report.say("pulling", f"Pulling {pointer['image']}: {percent} % of {megabytes} MB.", pointer, pulled_percent=percent)
        self.report.write(time.monotonic())


def systemctl(verb):
    subprocess.run(["systemctl", verb, f"{APP}.service"], check=True)


def main():
    if sys.argv[1:] == ["run-container"]:
        return run_container()
    settings, metadata = read_json(SETTINGS_FILE), Metadata()
    aws = Aws(settings, metadata, os.environ.get("AWS_ENDPOINT_URL", ""))
    return Agent(settings, metadata, aws, Docker()).run()


if __name__ == "__main__":
    sys.exit(main())
