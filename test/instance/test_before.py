"""release.before on an instance: the rounds of test_rounds with a pointer that holds the release, and the process that runs the command."""
import json
import time
import unittest

import agent_parts
import before
import files
import test_rounds
import test_slot
from before import before_config, run_before
from docker import Docker
from test_rounds import POINTER

COMMAND = {"command": ["python", "migrate.py"], "timeout_seconds": 60}
END = {"code": 0, "oom": False, "late": False, "error": "", "seconds": 12, "memory_mb": 64, "log_tail": ["done"]}


def order(instance="i-1", attempt=1):
    return {"before": {"instance": instance, "attempt": attempt}}


class Held:
    """What a test of a held release needs, in the rounds of a fleet or of a slot."""

    def hold(self):
        for name in ("BEFORE_FILE", "BEFORE_END_FILE"):
            agent_parts.replace(self, name, str(self.folder / name))
        (self.folder / "systemctl").write_text(f'#!/bin/sh\necho "$1 ${{2%.service}}" >>{self.folder}/systemctl.log\n')
        write = self.aws.s3
        # The record's, and not the pointer's of the same name.
        self.aws.s3 = lambda method, *more: write(method, *more) if method == "PUT" else self.record()
        self.agent.docker.log_tail = lambda path, name="infer-deploy-app": ["one", f"a line of {name}"]

    def record(self):
        return json.dumps({**self.aws.record, **self.aws.pointer, "before": COMMAND}).encode()

    def calls(self):
        log = self.folder / "systemctl.log"
        return log.read_text().splitlines() if log.exists() else []

    def started(self):
        return [call for call in self.calls() if call.startswith("start")]


class Rounds(Held, unittest.TestCase):
    rounds = test_rounds.Rounds
    set_up_rounds, change, new_agent, tick, nudge, deploy = rounds.setUp, rounds.change, rounds.new_agent, rounds.tick, rounds.nudge, rounds.deploy

    def setUp(self):
        self.set_up_rounds()
        self.hold()

    def finish(self, **changes):
        files.write_json(files.BEFORE_END_FILE, {**END, **changes})
        self.nudge()
        return self.tick()

    def test_an_instance_that_no_order_names_has_the_image_and_waits(self):
        for instance in (None, "i-2"):
            self.assertEqual(self.deploy(**order(instance))["state"], "holding")
        self.tick(60)
        self.assertEqual((self.calls(), self.docker.pulled), ([], [POINTER["image"]]))
        self.assertNotIn("before", self.aws.reports[-1])

    def test_the_named_one_runs_the_command_once_and_starts_the_release_when_the_pointer_holds_it_no_more(self):
        report = self.deploy(**order())
        running = {"state": "running", "exit_code": None, "seconds": None, "attempt": 1}
        self.assertEqual((report["state"], report["detail"], report["before"]), ("before", "a line of infer-deploy-before", running))
        self.assertEqual(report["log_tail"][-1], "a line of infer-deploy-before")
        self.tick()
        self.assertEqual(self.calls(), ["start infer-deploy-before"])
        wanted = files.read_json(files.BEFORE_FILE)
        self.assertEqual((wanted["before"], wanted["order"], wanted["config"]["Image"]), (COMMAND, "1.1", POINTER["image"]))
        report = self.finish()
        self.assertEqual((report["state"], report["before"]), ("holding", {"state": "succeeded", "exit_code": 0, "seconds": 12, "attempt": 1}))
        self.assertEqual(self.deploy()["state"], "starting")
        self.assertEqual(self.tick()["state"], "healthy")
        self.assertEqual(self.started(), ["start infer-deploy-before", "start infer-deploy-app"])
        self.assertNotIn("before", self.aws.reports[-1])

    def test_a_failure_is_reported_with_its_last_lines(self):
        for changes, detail in (
            ({"code": 3}, "release.before exited with code 3 after 12 s."),
            ({"code": 143, "late": True}, "release.before did not end within its 60 s (release.before.timeout)."),
            ({"code": 137, "oom": True}, "release.before was killed for using more than its 64 MB of memory."),
            ({"code": None, "error": "no such file"}, "release.before could not run: no such file"),
        ):
            self.deploy(**order())
            report = self.finish(log_tail=["no table"], **changes)
            self.assertEqual((report["state"], report["detail"], report["log_tail"]), ("before-failed", detail, ["no table"]))
            self.assertEqual((report["exit_code"], report["before"]["state"]), (changes["code"], "failed"))
        self.assertNotIn("start infer-deploy-app", self.calls())

    def test_an_agent_that_starts_again_follows_the_command_and_does_not_run_it_twice(self):
        self.deploy(**order())
        self.finish()
        self.agent = self.new_agent()
        self.assertEqual(self.tick()["before"]["state"], "succeeded")
        self.assertEqual(self.calls(), ["start infer-deploy-before"])

    def test_another_attempt_runs_again_and_another_release_ends_the_command(self):
        self.deploy(**order())
        self.finish()
        self.assertEqual(self.deploy(**order(attempt=2))["before"]["state"], "running")
        self.assertEqual(self.calls(), ["start infer-deploy-before", "stop infer-deploy-before", "start infer-deploy-before"])
        self.assertEqual(self.deploy(release=2)["state"], "starting")
        self.assertEqual(self.calls()[3], "stop infer-deploy-before")

    def test_in_standby_the_old_container_stops_first_and_its_image_stays(self):
        self.deploy()
        self.tick()
        self.metadata.lifecycle = "Standby"
        wanted = {"release": 2, "image": "registry/app@sha256:2", "update": "in-standby", **order()}
        self.deploy(**wanted)
        self.tick(20)
        self.assertEqual(self.tick(20)["state"], "before")
        self.assertEqual(self.calls()[-2:], ["stop infer-deploy-app", "start infer-deploy-before"])
        self.finish()
        del wanted["before"]
        self.deploy(**wanted)
        self.tick()
        self.assertEqual(self.docker.kept, ["registry/app@sha256:2", POINTER["image"]])


class Slots(Held, unittest.TestCase):
    slots = test_slot.Slots
    rounds, set_up_rounds, change, tick = slots.rounds, slots.set_up_rounds, slots.change, slots.tick
    set_up_slots, new_agent, other = slots.setUp, slots.new_agent, slots.other

    def setUp(self):
        self.set_up_slots()
        self.hold()
        self.aws.record["container"].update(memory_mb=None, alone=True)
        self.aws.pointer = {**POINTER, **order()}

    def test_it_runs_next_to_the_container_that_serves_also_when_the_release_runs_alone(self):
        self.other("r/x@old")
        self.assertEqual(self.tick()["state"], "before")
        files.write_json(files.BEFORE_END_FILE, END)
        self.assertEqual(self.tick()["state"], "holding")
        self.aws.pointer = dict(POINTER)
        self.agent.pointer.next_poll = 0.0
        self.assertEqual(self.tick()["pulled_percent"], 100)
        self.assertNotIn("start infer-deploy-app", self.calls())

    def test_it_ends_when_the_slot_may_no_longer_run(self):
        self.other("r/x@old")
        self.tick()
        files.write_json(agent_parts.PARTS["slot"].TRAFFIC_FILE, {"generation": 2, "slots": {"blue": {"run": False, "until": None}}})
        self.assertEqual(self.tick()["state"], "no-release")
        self.assertEqual(self.calls()[-1], "stop infer-deploy-before")


class Daemon(Docker):
    """A Docker with one container, which runs for as many looks as `looks` and then ends with `code`. asked: the calls."""

    found, looks, code, asked, other, lines = None, 2, 0, [], False, ["a line"]

    def __init__(self):
        """There is no socket."""

    def call(self, method, path, payload=None, accept=(), timeout=60.0):
        self.asked.append(f"{method} {path.split('?')[0]}")
        if path.startswith("/containers/create"):
            Daemon.found = {"Config": payload, "HostConfig": payload["HostConfig"], "Mounts": [],
                            "State": {"Status": "created", "Running": False, "ExitCode": 0, "OOMKilled": False}}
        elif path.endswith("/start"):
            Daemon.found["State"].update(Status="running", Running=True, StartedAt=moment(0), FinishedAt=moment(0))
        elif "/stop" in path:
            Daemon.code, Daemon.looks = 143, 0
        elif method == "DELETE":
            Daemon.found = None
        return b"{}"

    def inspect(self, name):
        if self.found and self.found["State"]["Running"]:
            Daemon.looks -= 1
            if self.looks < 0:
                self.found["State"].update(Status="exited", Running=False, ExitCode=self.code, FinishedAt=moment(5))
        return self.found

    def others(self):
        return self.other

    def log_tail(self, path, name):
        return self.lines

    def ready(self):
        return True


def moment(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S.123456789Z", time.gmtime(time.time() + seconds))


class Command(unittest.TestCase):
    def setUp(self):
        self.folder = test_rounds.tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        for name in ("BEFORE_FILE", "BEFORE_END_FILE", "SECRETS_FOLDER"):
            agent_parts.replace(self, name, f"{self.folder.name}/{name}")
        agent_parts.replace(self, "Docker", Daemon)
        before.time = type("Time", (), {"time": time.time, "strptime": time.strptime, "sleep": lambda _: None})
        self.addCleanup(setattr, before, "time", time)
        Daemon.found, Daemon.looks, Daemon.code, Daemon.asked, Daemon.other = None, 2, 0, [], False
        config = {"Image": "i", "Env": ["A=b"], "Cmd": ["serve"], "ExposedPorts": {"80/tcp": {}}, "Labels": {},
                  "HostConfig": {"Memory": 64 * 2**20, "PortBindings": {"80/tcp": [{"HostPort": "80"}]}}}
        folders = {"user": 0, "group": 0, "volumes": [], "new": [], "cache": None}
        self.wanted = {"order": "8.1", "before": COMMAND, "config": config, "folders": folders, "secret_files": {}}
        files.write_json(files.BEFORE_FILE, self.wanted)

    def run_once(self):
        run_before()
        return files.read_json(files.BEFORE_END_FILE)

    def starts(self):
        return [call for call in Daemon.asked if call.endswith("/start")]

    def test_it_runs_and_leaves_no_container(self):
        end = self.run_once()
        self.assertEqual((end["code"], end["late"], end["error"], end["seconds"], end["log_tail"]), (0, False, "", 5, ["a line"]))
        self.assertIsNone(Daemon.found)
        self.run_once()
        self.assertEqual(len(self.starts()), 1)

    def test_started_again_it_follows_the_container_that_is_there(self):
        before.begin(self.wanted, Daemon())
        Daemon.code = 3
        self.assertEqual((self.run_once()["code"], len(self.starts())), (3, 1))

    def test_a_container_of_another_attempt_is_removed(self):
        before.begin({**self.wanted, "order": "7.1"}, Daemon())
        self.assertEqual((self.run_once()["code"], len(self.starts())), (0, 2))

    def test_a_command_that_takes_too_long_is_stopped(self):
        Daemon.looks = 10**6
        self.wanted["before"] = {**COMMAND, "timeout_seconds": -5}
        files.write_json(files.BEFORE_FILE, self.wanted)
        end = self.run_once()
        self.assertEqual((end["late"], end["code"]), (True, 143))

    def test_docker_that_refuses_the_container_is_the_reason(self):
        def refuse(*_args, **_more):
            raise before.Problem("no such file")

        agent_parts.replace(self, "begin", refuse)
        self.assertEqual(self.run_once()["error"], "no such file")

    def test_the_container_is_the_releases_with_another_command_and_no_port(self):
        made = before_config(self.wanted, None)
        self.assertEqual((made["Cmd"], made["Entrypoint"], made["Env"]), (["python", "migrate.py"], [""], ["A=b"]))
        self.assertNotIn("ExposedPorts", made)
        self.assertEqual(made["HostConfig"], {"Memory": 64 * 2**20, "PortBindings": {}})
        self.assertEqual(self.wanted["config"]["Cmd"], ["serve"])

    def test_next_to_another_container_it_takes_no_memory_that_the_machine_lacks(self):
        host = before_config(self.wanted, 50)["HostConfig"]
        self.assertEqual((host["Memory"], host["MemorySwap"], host["OomScoreAdj"]), (40 * 2**20, 40 * 2**20, 1000))
        self.assertEqual(before_config(self.wanted, 1000)["HostConfig"]["Memory"], 64 * 2**20)


if __name__ == "__main__":
    unittest.main()
