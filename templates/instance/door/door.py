#!/usr/bin/env python3
"""The door of a single machine: gives Caddy its configuration by two documents of the Parameter Store, and reports on both slots.

Caddy runs as a separate service, so that it serves while this process is away. Needs Python's standard library only.
"""
import json
import os
import sys
import time

from address import take_address
from background import repeat
from binary import install_caddy
from caddy import Caddy
from caddyconfig import caddy_config
from certificate import GIVEN_UP_SECONDS, look_at_certificates, read_troubles
from checks import Check, slot_state
from clock import SteadyAws
from docker import Docker
from doormetrics import DoorMetrics
from doorreport import DoorReport
from files import SETTINGS_FILE, read_json, write_json
from metadata import Metadata
from problem import Problem
from slots import COLOURS, DOOR_FILE, TRAFFIC_FILE, serving_weights, slot_runs
from storage import Storage
from switches import make_switches, write_switches


class Door:
    """settings, traffic: the two documents, None before they were read. served: the newest generation that Caddy serves by.

    trouble: why the documents could not be read, or "". ordered: when orders that Caddy had abandoned were made again. drained: by colour, whether no request is left from when it had weight.
    """

    def __init__(self, instance_settings, instance, zone, aws, docker, caddy):
        self.about, self.instance, self.aws, self.docker, self.caddy = instance_settings, instance, aws, docker, caddy
        self.report = DoorReport(instance_settings, instance, zone, aws)
        self.storage, self.metrics = Storage(instance_settings, aws), DoorMetrics(instance_settings, instance, aws)
        self.ports = {colour: instance_settings["slots"][colour]["port"] for colour in COLOURS}
        self.checks = {colour: Check(self.ports[colour]) for colour in COLOURS}
        self.settings, self.traffic, self.trouble, self.certificate = None, None, "", None
        self.ordered = 0.0
        self.started, self.dials, self.served = False, None, read_json(DOOR_FILE).get("generation", 0)
        self.in_flight, self.drained = dict.fromkeys(COLOURS, 0), dict.fromkeys(COLOURS, True)

    def run(self):
        """One round a second. What may wait long has its own threads."""
        repeat(self.read, 1)
        repeat(lambda: take_address(self.about["door"]["address"], self.instance, self.about, self.aws), 5)
        for colour in COLOURS:
            repeat(lambda colour=colour: self.check(colour), 1)
        repeat(lambda: self.report.write(time.monotonic()), 0.2)
        repeat(self.keep, 2)
        repeat(self.measure, 60)
        while True:
            self.tick(time.time())
            time.sleep(1)

    def read(self):
        """Both documents, by one call. The ones before stay in force while they cannot be read."""
        names = self.about["door"]["settings"], self.about["door"]["traffic"]
        try:
            answer = self.aws.call("ssm", "AmazonSSM.GetParameters", {"Names": [*names]})
            values = {one["Name"]: json.loads(one["Value"]) for one in answer["Parameters"]}
            settings, traffic = (values[name] for name in names)
        except (Problem, LookupError, ValueError) as error:
            missing = f"The Parameter Store does not have {error}." if isinstance(error, LookupError) else f"The settings cannot be read: {error}"
            self.trouble = str(error) if isinstance(error, Problem) else missing
            raise Problem(self.trouble) from None
        self.trouble = ""
        if traffic != read_json(TRAFFIC_FILE):
            write_json(TRAFFIC_FILE, traffic)
        self.settings, self.traffic = settings, traffic

    def check(self, colour):
        if not self.traffic or not slot_runs(self.traffic, colour, time.time()):
            self.checks[colour].forget()
        elif self.settings:
            self.checks[colour].look(self.settings["health_path"], self.settings.get("health_codes"))

    def keep(self):
        if self.settings and self.started:
            troubles = read_troubles(self.settings["domains"])
            self.certificate = look_at_certificates(self.settings["domains"], troubles)
            self.storage.save()
            self.order(troubles, time.time())

    def order(self, troubles, now):
        """Has Caddy make again what it has abandoned, once it is due."""
        due = [one for one in troubles.values() if one["given_up"] and one["next"] <= now]
        if due and now >= self.ordered + GIVEN_UP_SECONDS:
            self.ordered = now
            self.caddy.again()

    def measure(self):
        if self.started:
            checks = {colour: self.checks[colour].healthy for colour in COLOURS}
            self.metrics.send(self.dials, checks, self.certificate)

    def tick(self, now):
        """`now`: epoch seconds. Never raises: any error must be readable from outside."""
        problem, settings, traffic = self.trouble, self.settings, self.traffic
        weights = dict.fromkeys(COLOURS, 0)
        if settings and traffic:
            try:
                ailing = [colour for colour in COLOURS if self.checks[colour].healthy is False]
                weights = serving_weights(traffic, ailing, now)
                # Before the rest: a Caddy that is there needs nothing else to serve by it.
                write_switches(make_switches(traffic, weights))
                self.prepare(traffic)
                problem = self.follow(caddy_config(settings, self.dials, self.about["region"])) or problem
                self.served = traffic["generation"]
            except Exception as error:
                problem = str(error) if isinstance(error, (OSError, Problem)) else repr(error)
            self.count()
            drain = {"generation": self.served, "in_flight": self.in_flight, "drain_seconds": settings["drain_seconds"]}
            write_json(DOOR_FILE, drain)
        problem = " ".join(filter(None, [self.aws.clock_problem(), problem]))
        self.report.say(self.served, problem, self.slots(weights, now), self.certificate)

    def follow(self, config):
        try:
            return self.caddy.follow(config)
        except Problem:
            # It does not serve: perhaps it was stopped while it wrote a certificate.
            if not self.storage.mend():
                raise
            return self.caddy.follow(config, anew=True)

    def prepare(self, traffic):
        """Everything that Caddy needs before it starts."""
        if self.started:
            return
        if not self.docker.ready():
            raise Problem("Waiting for Docker.")
        # Not 127.0.0.1: there Docker's proxy accepts a connection even when nothing listens in the container, so that Caddy
        # would send a request that is lost, where a refused connection is tried again.
        gateway = json.loads(self.docker.call("GET", "/networks/bridge"))["IPAM"]["Config"][0]["Gateway"]
        self.dials = {colour: f"{gateway}:{self.ports[colour]}" for colour in COLOURS}
        install_caddy(traffic["image"], self.aws, self.docker)
        self.storage.restore()
        self.caddy.start()
        self.started = True

    def count(self):
        if self.started:
            try:
                self.in_flight = self.caddy.in_flight(self.dials)
            except Problem:
                # A Caddy that does not answer has none: they ended with it.
                self.in_flight = dict.fromkeys(COLOURS, 0)

    def slots(self, weights, now):
        found = {}
        for colour in COLOURS:
            count = self.in_flight[colour]
            # A probe's requests to a slot that has no weight yet are not its draining.
            self.drained[colour] = weights[colour] == 0 and (self.drained[colour] or count == 0)
            runs = bool(self.traffic) and slot_runs(self.traffic, colour, now)
            state, reason = slot_state(self.checks[colour], runs, weights[colour] == 0 and not self.drained[colour])
            found[colour] = {"state": state, "reason": reason, "in_flight": count}
        return found


def main_door():
    settings, metadata = read_json(SETTINGS_FILE), Metadata()
    aws = SteadyAws(settings, metadata, os.environ.get("AWS_ENDPOINT_URL", ""))
    instance, zone = metadata.read("instance-id"), metadata.read("placement/availability-zone")
    return Door(settings, instance, zone, aws, Docker(), Caddy()).run()


if __name__ == "__main__":
    sys.exit(main_door())
