#!/usr/bin/env python3
"""The agent of one slot of a single machine: as a fleet's agent, but the traffic document decides whether a release may run here.

    infer-deploy-slot                  the agent
    infer-deploy-slot run-container    the foreground process of infer-deploy-app-SLOT.service
    infer-deploy-slot run-before       the process of infer-deploy-before-SLOT.service

The variable SLOT names the slot: -blue or -green.
"""
import os
import subprocess
import sys
import time

from agent import Agent
from before import run_before
from clock import SteadyAws
from container import memory_limits, run_container
from docker import Docker
from files import SETTINGS_FILE, SLOT, read_json
from health import ask_health
from measure import Measure
from metadata import Metadata
from record import machine_memory_mb, spare_memory_mb
from slots import COLOURS, DOOR_FILE, SLOT_FILE, TRAFFIC_FILE, slot_runs
from watch import Watch

# A request that Caddy has just taken may not be counted yet.
LEAST_LEAVING_SECONDS = 3


class SlotAgent(Agent):
    """now: of this round. leaving: since when this slot, or its container, may no longer run; None while it may. replaced: the image of the slot that stopped first."""

    def __init__(self, settings, metadata, aws, docker):
        super().__init__(settings, metadata, aws, docker)
        self.watch, self.measure = SlotWatch(docker, settings["port"]), SlotMeasure(settings, self.instance, aws)
        self.colour, self.now, self.leaving, self.replaced = settings["colour"], self.born, None, None
        # One boot, one log.
        self.boot_log.sent = self.colour != COLOURS[0]

    def follow(self, now):
        self.now, traffic = now, read_json(TRAFFIC_FILE)
        if traffic and not slot_runs(traffic, self.colour, time.time()):
            return self.leave(now, traffic)
        if traffic or self.running:
            super().follow(now)
            if not self.makes_way():
                self.leaving = None
            return
        self.report.say("booting", "Waiting for the door to read how traffic flows.", {})

    def fetch(self, pointer):
        """The container answers on the slot's own port of the machine, and without its own limit has half of what the machine can spare, or alone all of it."""
        wanted = super().fetch(pointer)
        if not wanted:
            return None
        whole = spare_memory_mb(machine_memory_mb())
        if wanted["memory_mb"] == whole and not wanted["alone"]:
            wanted["memory_mb"] = whole // 2
            wanted["config"]["HostConfig"].update(memory_limits(whole // 2, wanted["options"]))
        for bound in wanted["config"]["HostConfig"]["PortBindings"].values():
            bound[0]["HostPort"] = str(self.settings["port"])
        return wanted

    def goes_on(self, pointer):
        return super().goes_on(pointer) and slot_runs(read_json(TRAFFIC_FILE), self.colour, time.time())

    def makes_way(self):
        """Whether the pointer names another release than the container's."""
        return bool(self.running and self.pointer.wanted) and self.pointer.wanted != self.running["pointer"]

    def may_replace(self):
        """A slot has no fresh instances: its container makes way for the next release, as it does when the slot is left."""
        traffic = read_json(TRAFFIC_FILE)
        serves = traffic.get("weights", {}).get(self.colour, 0) > 0
        return not traffic or serves or self.is_left(self.now, traffic)

    def apply(self, pointer, now):
        super().apply(pointer, now)
        # Both slots have images of one repository: that of the other slot stays.
        if self.keep:
            self.keep += [self.replaced, *(slot_image(colour) for colour in COLOURS)]

    def must_wait(self, alone):
        """No container starts next to one that is being stopped, and one that runs alone next to none."""
        [other] = [colour for colour in COLOURS if colour != self.colour]
        image = slot_image(other)
        if not image or (not alone and slot_runs(read_json(TRAFFIC_FILE), other, time.time())):
            return False
        # It may be wanted again.
        self.replaced = image
        return True

    def give_up(self):
        """No load balancer finds this machine unhealthy. Its group replaces it when it does not run; the other slot has lost the GPU too."""
        super().give_up()
        self.report.write(time.monotonic())
        subprocess.run(["systemctl", "poweroff"], check=True)

    def leave(self, now, traffic):
        """Stops the container when its requests in flight have finished or have had their time."""
        if self.running and not self.is_left(now, traffic):
            return
        if self.running:
            self.stop_container()
        self.before.keep_only(None)
        self.report.say("no-release", "This slot is not in use.", {})
        self.reset()
        # It is read again as soon as the slot may run.
        self.pointer.wanted, self.pointer.next_poll = None, 0.0

    def is_left(self, now, traffic):
        self.leaving = self.leaving or now
        left, door = now - self.leaving, read_json(DOOR_FILE)
        # Its count is of another document until Caddy serves by this one.
        counted = door.get("generation") == traffic["generation"]
        if counted and door["in_flight"][self.colour] == 0:
            return left >= LEAST_LEAVING_SECONDS
        return left >= max(LEAST_LEAVING_SECONDS, door.get("drain_seconds", 0))


def slot_image(colour):
    """Of the slot's container, or None."""
    return read_json(SLOT_FILE.format(colour)).get("config", {}).get("Image")


class SlotWatch(Watch):
    """Asks the slot's port of the machine, and reports about the container's."""

    def __init__(self, docker, host_port):
        super().__init__(docker)
        self.host_port = host_port

    def ask(self, running, path):
        answer = ask_health(self.host_port, path)
        return {**answer, "text": answer["text"].replace(f"port {self.host_port}", f"port {running['port']}")}


class SlotMeasure(Measure):
    def send(self, now, port):
        super().send(now, port and self.settings["port"])

    def host(self, port):
        """The machine's memory and disk, once: both slots have the same."""
        return super().host(port) if self.settings["colour"] == COLOURS[0] else {}


class SlotMetadata(Metadata):
    """The instance's, under the slot's own id: reports, logs and the container know it by that."""

    def read(self, path, absent=None):
        return super().read(path, absent) + (SLOT if path == "instance-id" else "")


def slot_settings(settings, colour):
    """instance.json as a fleet's instance of this colour has it, with the machine's port for it."""
    return {**settings, "colour": colour, "pointer": settings["slots"][colour]["pointer"], "port": settings["slots"][colour]["port"]}


def main_slot():
    if sys.argv[1:] == ["run-container"]:
        return run_container()
    if sys.argv[1:] == ["run-before"]:
        return run_before()
    settings, metadata = slot_settings(read_json(SETTINGS_FILE), SLOT[1:]), SlotMetadata()
    aws = SteadyAws(settings, metadata, os.environ.get("AWS_ENDPOINT_URL", ""))
    return SlotAgent(settings, metadata, aws, Docker()).run()


if __name__ == "__main__":
    sys.exit(main_slot())
