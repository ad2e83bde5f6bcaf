"""The agent's rounds against a fake AWS, Docker and systemctl that keep state, and a real server that answers for health."""
import http.server
import json
import os
import pathlib
import tempfile
import threading
import time
import unittest

import agent_parts
import files
from agent import Agent
from file_server import FileServer
from problem import Problem

POINTER = {"schema_version": 1, "release": 1, "version": "v1", "image": "registry/app@sha256:1", "record": "releases/0001.json"}
END = {"restarts": 1, "code": 3, "oom": False, "error": "", "seconds": 0.4, "log_tail": ["no weights"]}


class Aws:
    """Holds the pointer, the objects and every report; `denied` calls are refused first; counts how often the pointer is read."""

    endpoint = ""

    def __init__(self, port):
        container = {"port": port, "health": {"path": "/ok", "timeout_seconds": 60}, "memory_mb": 64, "env": {}, "secrets": {}, "log_group": "/app"}
        self.record, self.pointer, self.denied, self.reports = {**POINTER, "container": container}, {}, 0, []
        self.reads, self.log_calls = 0, []

    def call(self, service, target, payload):
        if service == "logs":
            return self.log_calls.append((target.split(".")[1], payload))
        if self.denied:
            self.denied -= 1
            raise Problem(f"{target}: AccessDeniedException", denied=True)
        self.reads += 1
        return {"Parameter": {"Value": json.dumps(self.pointer)}}

    def s3(self, method, bucket, key, body=b""):
        if method == "PUT":
            self.reports.append(json.loads(body))
        return json.dumps({**self.record, **self.pointer}).encode()


class Docker:
    """Ready or not; refuses to pull when `refusal` is set; remembers what it pulled and kept."""
    def __init__(self):
        self.up, self.refusal, self.pulled, self.kept, self.shares = True, None, [], [], []

    def ready(self):
        return self.up

    def inspect(self):
        return None

    def pull(self, image, login, progress):
        if self.refusal:
            raise Problem(f"{image} could not be pulled", self.refusal, definite=self.refusal == "image-missing")
        for percent in self.shares:
            progress().report(percent, 800)
        self.pulled.append(image)

    def exposed(self, image):
        return [3000]

    def log_tail(self, path):
        self.log_path = path
        return ["a line"]

    def prune(self, keep):
        self.kept = keep


class Metadata:
    """Answers with the target lifecycle state that is set; None: it does not answer. Counts how often that is read."""

    lifecycle, looks = "InService", 0

    def read(self, path, absent=None):
        self.looks += path == "autoscaling/target-lifecycle-state"
        if path == "autoscaling/target-lifecycle-state" and self.lifecycle is None:
            raise Problem("The instance metadata service does not answer.")
        values = {"instance-id": "i-1", "placement/availability-zone": "eu-central-1a", "autoscaling/target-lifecycle-state": self.lifecycle}
        return values[path]


class Handler(http.server.BaseHTTPRequestHandler):
    status = 200

    def do_GET(self):
        self.send_response(Handler.status)
        self.end_headers()

    def log_message(self, *_):
        pass


class Rounds(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "systemctl").write_text(f'#!/bin/sh\necho "$1" >>{self.folder}/systemctl.log\n')
        (self.folder / "systemctl").chmod(0o755)
        self.change(os.environ, "PATH", f"{self.folder}:{os.environ['PATH']}")
        for name in ("CONTAINER_FILE", "EXIT_FILE", "BOOT_LOG", "BOOT_FAILED", "BOOT_OVER"):
            agent_parts.replace(self, name, str(self.folder / name))
        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        Handler.status = 200
        inside = {"user": 0, "group": 0, "home": "", "variables": {}, "is_small": True, "kinds": {}, "hidden": ""}
        agent_parts.replace(self, "look_inside", lambda *_: inside)
        self.aws, self.docker, self.metadata, self.now = Aws(server.server_port), Docker(), Metadata(), time.monotonic()
        self.agent = self.new_agent()

    def change(self, mapping, name, value):
        self.addCleanup(mapping.__setitem__, name, mapping[name])
        mapping[name] = value

    def new_agent(self):
        settings = {"colour": "blue", "pointer": "/p", "bucket": "b", "prefix": "x", "poll_seconds": 30, "region": "r", "boot_log_group": "/boot"}
        made = Agent(settings, self.metadata, self.aws, self.docker)
        made.born = made.watch.started = self.now
        return made

    def tick(self, seconds=1.0):
        self.now += seconds
        self.agent.tick(self.now)
        return self.aws.reports[-1]

    def nudge(self):
        self.agent.pointer.next_poll = self.agent.next_try = 0.0

    def deploy(self, **changes):
        self.aws.pointer = {**POINTER, **changes}
        self.nudge()
        return self.tick()

    def states(self):
        return [report["state"] for report in self.aws.reports]

    def units(self):
        log = self.folder / "systemctl.log"
        return log.read_text().split() if log.exists() else []

    def test_a_model_is_fetched_next_to_the_pull(self):
        agent_parts.replace(self, "WEIGHTS_FOLDER", str(self.folder / "weights"))
        agent_parts.replace(self, "WAIT_SECONDS", 0.02)
        agent_parts.replace(self, "FETCH_REPORT_SECONDS", 0.0)
        server = FileServer(self, {"/m/a.bin": b"x" * 1000})
        server.pause = 0.3
        file = {"name": "a.bin", "from": f"{server.url}/m/a.bin", "size": 1000}
        self.aws.record["container"]["model"] = {"source": "hf://a/b", "path": "/model", "revision": "1", "files": [file]}
        self.deploy()
        self.tick()
        self.assertIn("fetching", self.states())
        self.assertEqual(self.states()[-1], "healthy")
        [bind] = self.agent.running["config"]["HostConfig"]["Binds"]
        folder, path, mode = bind.split(":")
        self.assertEqual((pathlib.Path(folder, "a.bin").read_bytes(), path, mode), (b"x" * 1000, "/model", "ro"))

    def test_a_model_that_is_gone_ends_the_release(self):
        agent_parts.replace(self, "WEIGHTS_FOLDER", str(self.folder / "weights"))
        server = FileServer(self, {})
        file = {"name": "a.bin", "from": f"{server.url}/m/a.bin", "size": 1000}
        self.aws.record["container"]["model"] = {"source": "hf://a/b", "path": "/model", "revision": "1", "files": [file]}
        report = self.deploy()
        self.assertEqual(report["state"], "model-failed")
        self.assertIn("hf://a/b: a.bin: 404 NoSuchKey no such key. It is gone since the release was made.", report["detail"])
        self.assertEqual(self.units(), [])

    def end(self, **changes):
        files.write_json(files.EXIT_FILE, {**END, **changes})

    def test_from_boot_to_healthy(self):
        self.docker.up = False
        (self.folder / "BOOT_LOG").write_text("installing Docker\n")
        report = self.tick()
        self.assertEqual((report["state"], report["log_tail"]), ("booting", ["installing Docker"]))
        self.docker.up = True
        self.assertEqual(self.tick()["state"], "no-release")
        self.deploy()
        report = self.tick()
        self.assertEqual(self.states(), ["booting", "no-release", "pulling", "starting", "healthy"])
        self.assertEqual({name: report[name] for name in ("release", "version", "digest", "exit_code", "restarts", "zone", "colour")}, {
            "release": 1, "version": "v1", "digest": "sha256:1", "exit_code": None, "restarts": 0, "zone": "eu-central-1a", "colour": "blue"})
        self.assertEqual((self.units(), self.docker.log_path), (["stop", "start"], "/ok"))

    def test_a_boot_that_failed(self):
        self.docker.up = False
        (self.folder / "BOOT_FAILED").touch()
        (self.folder / "BOOT_LOG").write_text("no such package\n")
        report = self.tick()
        self.assertEqual((report["state"], report["log_tail"]), ("failed", ["no such package"]))

    def test_a_lost_gpu_stops_the_container_so_that_the_instance_is_replaced(self):
        self.agent.gpus.seen = {"devices": [{"index": 0, "name": "NVIDIA L4"}], "xids": []}
        self.deploy()
        self.assertEqual(self.tick()["gpus"], self.agent.gpus.seen)
        self.agent.gpus.lost = "0 of 1 GPUs answer."
        report = self.tick()
        self.assertEqual((report["state"], report["release"]), ("gpu-lost", 1))
        self.assertEqual(report["detail"], "0 of 1 GPUs answer. The instance must be replaced.")
        self.assertEqual(self.units(), ["stop", "start", "stop"])
        self.assertEqual(self.deploy(release=2)["state"], "gpu-lost")
        self.assertEqual(self.units(), ["stop", "start", "stop"])

    def test_an_instance_that_aws_takes_back_keeps_its_container_and_starts_nothing_new(self):
        self.deploy()
        self.agent.spot.ends, self.agent.spot.left = "2026-01-01T10:02:00Z", True
        report = self.tick()
        self.assertEqual((report["state"], report["release"]), ("leaving", 1))
        self.assertEqual(self.deploy(release=2)["state"], "leaving")
        self.assertEqual(self.units(), ["stop", "start"])

    def test_use_of_the_gpus_is_written_when_it_changes(self):
        self.deploy()
        self.tick()
        written = len(self.aws.reports)
        self.tick()
        self.assertEqual(len(self.aws.reports), written)
        self.agent.gpus.seen = {"devices": [], "xids": [31]}
        self.assertEqual(self.tick()["gpus"]["xids"], [31])
        self.tick()
        self.assertEqual(len(self.aws.reports), written + 1)

    def test_a_refusal_counts_as_booting_for_two_minutes(self):
        self.aws.denied = 10**9
        for _ in range(119):
            self.assertEqual(self.tick()["state"], "booting")
        self.assertEqual(self.tick(3)["state"], "failed")
        self.aws.denied = 0
        self.assertEqual(self.tick(30)["state"], "no-release")

    def test_what_runs_keeps_running_while_the_pointer_cannot_be_read(self):
        self.deploy()
        self.tick()
        self.aws.denied = 10**9
        self.assertEqual(self.tick(400)["state"], "healthy")

    def test_nothing_stops_before_the_next_image_is_there(self):
        self.deploy()
        self.tick()
        self.docker.refusal = "image-missing"
        self.assertEqual(self.deploy(release=2, image="registry/app@sha256:2")["state"], "image-missing")
        self.assertEqual(self.aws.reports[-1]["release"], 2)
        self.assertEqual(self.units(), ["stop", "start"])
        self.docker.refusal = None
        self.nudge()
        self.tick()
        self.tick()
        self.assertEqual(self.states()[-4:], ["pulling", "image-missing", "starting", "healthy"])
        self.assertEqual(self.docker.kept, ["registry/app@sha256:2", "registry/app@sha256:1"])

    def test_a_pull_that_fails_is_tried_again_ever_more_slowly_and_is_reported_as_failed_after_a_minute(self):
        for state in ("pull-denied", "failed"):
            self.docker.refusal = state
            self.deploy(version=state)
            pauses = []
            for _ in range(3):
                pauses.append(self.agent.next_try - time.monotonic())
                self.assertEqual(self.tick(19)["state"], "pulling")
            self.assertEqual(self.aws.reports[-1]["detail"], "registry/app@sha256:1 could not be pulled")
            self.assertEqual(sorted(pauses), pauses)
            self.assertEqual(self.tick(60)["state"], state)

    def test_one_error_while_a_release_is_fetched_is_not_a_failure(self):
        self.docker.refusal = "failed"
        self.assertEqual(self.deploy()["detail"], "registry/app@sha256:1 could not be pulled")
        self.docker.refusal = None
        self.nudge()
        self.tick()
        self.tick()
        self.assertEqual(self.states(), ["pulling", "pulling", "starting", "healthy"])

    def test_patience_begins_again_with_the_next_release(self):
        self.docker.refusal = "failed"
        self.deploy()
        for _ in range(3):
            self.tick(40)
        self.assertEqual(self.states()[-1], "failed")
        self.assertEqual(self.deploy(release=2)["state"], "pulling")

    def test_a_running_release_outlives_errors_that_pass(self):
        self.deploy()
        self.tick()
        self.docker.up = False
        for _ in range(20):
            self.assertEqual(self.tick(2)["state"], "healthy")
        report = self.tick(30)
        self.assertEqual((report["state"], report["detail"]), ("failed", "Docker does not answer."))
        self.docker.up = True
        self.assertEqual(self.tick(4)["state"], "healthy")

    def test_an_agent_that_starts_while_docker_does_not_answer_says_nothing_yet(self):
        self.deploy()
        self.tick()
        self.docker.up, before = False, len(self.aws.reports)
        self.agent = self.new_agent()
        self.tick()
        self.assertEqual(len(self.aws.reports), before)

    def test_the_share_that_was_pulled_is_reported(self):
        self.docker.shares = [0, 41]
        self.deploy()
        pulling = [report for report in self.aws.reports if report["state"] == "pulling"]
        self.assertEqual([report.get("pulled_percent") for report in pulling], [None, 0, 41])
        self.assertEqual(pulling[-1]["detail"], "Pulling registry/app@sha256:1: 41 % of 800 MB.")

    def test_the_time_of_the_start_is_reported_from_then_on(self):
        self.deploy()
        started = self.aws.reports[-1]["started_at"]
        self.assertRegex(started, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(self.tick()["started_at"], started)
        self.assertNotIn("started_at", self.aws.reports[0])

    def test_the_boot_log_is_sent_once_when_the_boot_is_over(self):
        (self.folder / "BOOT_LOG").write_text("installing Docker\n\ndone\n")
        self.tick()
        self.assertEqual(self.aws.log_calls, [])
        (self.folder / "BOOT_OVER").touch()
        self.tick()
        self.tick()
        self.assertEqual([name for name, _ in self.aws.log_calls], ["CreateLogStream", "PutLogEvents"])
        sent = self.aws.log_calls[1][1]
        self.assertEqual((sent["logGroupName"], sent["logStreamName"]), ("/boot", "i-1/blue"))
        self.assertEqual([event["message"] for event in sent["logEvents"]], ["installing Docker", "done"])

    def test_the_log_of_a_boot_that_failed_is_sent_too(self):
        self.docker.up = False
        (self.folder / "BOOT_FAILED").touch()
        (self.folder / "BOOT_OVER").touch()
        (self.folder / "BOOT_LOG").write_text("no such package\n")
        self.tick()
        self.assertEqual(self.aws.log_calls[1][1]["logEvents"][0]["message"], "no such package")

    def test_crashes_and_recovery(self):
        Handler.status = 503
        self.deploy()
        self.assertEqual(self.tick()["state"], "starting")
        self.end()
        report = self.tick()
        self.assertEqual([report[name] for name in ("state", "exit_code", "restarts", "log_tail")], ["crashed", 3, 1, ["no weights"]])
        self.end(restarts=2, oom=True, code=137)
        self.assertEqual(self.tick()["state"], "out-of-memory")
        Handler.status = 200
        self.assertEqual(self.tick()["state"], "healthy")
        self.end(restarts=3)
        Handler.status = 503
        self.assertEqual(self.tick()["state"], "crashed")

    def test_the_next_release_does_not_inherit_crashes(self):
        Handler.status = 503
        self.deploy()
        self.end()
        self.tick()
        self.deploy(release=2)
        report = self.tick()
        self.assertEqual([report[name] for name in ("state", "exit_code", "restarts")], ["starting", None, 0])

    def test_a_new_pointer_does_not_wait_for_the_next_try_of_the_old(self):
        self.docker.refusal = "image-missing"
        self.deploy()
        self.agent.next_try = self.now + 60
        self.docker.refusal, self.aws.pointer, self.agent.pointer.next_poll = None, {**POINTER, "release": 2}, 0.0
        self.tick()
        self.assertEqual(self.tick()["state"], "healthy")

    def test_a_container_that_stops_being_healthy(self):
        self.deploy()
        self.tick()
        Handler.status = 404
        self.tick(4)
        self.tick()
        self.assertEqual(self.states()[-1], "healthy")
        self.assertRegex(self.tick()["detail"], r"answered 404\.$")
        self.assertEqual(self.states()[-1], "unhealthy")

    def start(self, status=200, **health):
        """A release that has been started and answers so on its health path."""
        Handler.status = status
        self.aws.record["container"]["health"].update(health)
        self.deploy()
        self.agent.watch.started = self.now
        return self.tick()

    def test_a_container_that_never_becomes_healthy(self):
        self.assertEqual(self.start(503)["state"], "starting")
        self.assertEqual(self.tick(59)["state"], "starting")
        self.assertEqual(self.tick(2)["state"], "unhealthy")

    def test_a_health_path_that_does_not_exist_is_reported_after_ten_seconds(self):
        self.assertEqual(self.start(404)["state"], "starting")
        self.assertEqual(self.tick(9)["state"], "starting")
        report = self.tick(1)
        self.assertEqual(report["state"], "unhealthy")
        self.assertRegex(report["detail"], r"^GET /ok on port \d+ answered 404\. Set health\.path to ")
        Handler.status = 200
        self.assertEqual(self.tick()["state"], "healthy")

    def test_a_definite_problem_must_last_for_ten_seconds_in_a_row(self):
        self.start(404)
        self.tick(8)
        Handler.status = 503
        self.tick()
        Handler.status = 404
        self.tick()
        self.assertEqual(self.tick(9)["state"], "starting")
        self.assertEqual(self.tick(1)["state"], "unhealthy")

    def test_with_fail_fast_off_only_the_timeout_counts(self):
        self.start(404, fail_fast=False)
        report = self.tick(30)
        self.assertEqual(report["state"], "starting")
        self.assertIn("Set health.path", report["detail"])
        self.assertEqual(self.tick(31)["state"], "unhealthy")

    def test_a_port_that_cannot_be_reached_is_reported_after_ten_seconds(self):
        self.aws.record["container"]["port"] = 1
        agent_parts.replace(self, "socket_tables", lambda _: "0: 00000000:0BB8 00000000:0000 0A")
        self.start()
        self.assertEqual(self.tick(9)["state"], "starting")
        report = self.tick(1)
        self.assertEqual(report["state"], "unhealthy")
        self.assertEqual(report["detail"], "Nothing answers on port 1. The container listens on port 3000 instead, which its image exposes: set image.port to it.")

    def test_a_port_that_is_not_open_yet_is_waited_for(self):
        self.aws.record["container"]["port"] = 1
        agent_parts.replace(self, "socket_tables", lambda _: "0: 00000000:270F 00000000:0000 0A")
        self.start()
        report = self.tick(58)
        self.assertEqual(report["state"], "starting")
        self.assertIn("listens on port 9999 instead", report["detail"])

    def test_the_pointer_says_how_often_to_look_at_it(self):
        self.start()
        reads = self.aws.reads
        self.tick(10)
        self.assertEqual(self.aws.reads, reads)
        self.deploy(poll_seconds=2)
        for _ in range(4):
            self.tick(2.5)
        self.assertEqual(self.aws.reads, reads + 5)
        self.aws.pointer = {**POINTER}
        self.tick(2.5)
        self.tick(10)
        self.assertEqual(self.aws.reads, reads + 6)

    def test_a_pointer_that_differs_in_its_hints_alone_is_the_same_release(self):
        self.start()
        self.deploy(poll_seconds=2, update="in-standby")
        self.metadata.lifecycle = "Standby"
        for _ in range(20):
            self.tick()
        self.assertEqual(self.units(), ["stop", "start"])
        self.assertEqual(self.states(), ["pulling", "starting", "healthy"])

    def update(self):
        """Release 2, to be taken in Standby, announced while release 1 serves."""
        self.start(drain_seconds=20)
        self.deploy(release=2, image="registry/app@sha256:2", update="in-standby")

    def test_an_update_in_place_waits_for_standby_and_for_requests_in_flight(self):
        self.update()
        for _ in range(60):
            self.tick()
        self.assertEqual((self.states()[-1], self.aws.reports[-1]["release"]), ("healthy", 1))
        self.assertEqual(self.docker.pulled, ["registry/app@sha256:1"])
        self.metadata.lifecycle = "Standby"
        self.tick(2)
        self.assertEqual((self.states()[-1], self.aws.reports[-1]["release"]), ("pulling", 2))
        self.assertEqual(self.docker.pulled[-1], "registry/app@sha256:2")
        self.tick(19)
        self.assertEqual(self.units(), ["stop", "start"])
        self.tick(1)
        self.assertEqual(self.units(), ["stop", "start", "stop", "start"])
        self.tick()
        updating = [(one["state"], one["detail"][:12]) for one in self.aws.reports if one["release"] == 2]
        self.assertEqual(updating, [("pulling", "Pulling regi"), ("pulling", "The image is"), ("starting", "Starting the"), ("healthy", "GET /ok on p")])

    def test_an_instance_that_goes_to_standby_reads_the_pointer_at_once(self):
        self.start()
        self.aws.pointer = {**POINTER, "release": 2, "update": "in-standby"}
        self.metadata.lifecycle = "Standby"
        self.tick(2)
        self.assertEqual((self.states()[-1], self.aws.reports[-1]["release"]), ("pulling", 2))
        reads = self.aws.reads
        self.tick(2)
        self.assertEqual(self.aws.reads, reads)

    def test_an_instance_that_returns_to_service_before_its_update_stays_as_it_was(self):
        self.update()
        self.metadata.lifecycle = "Standby"
        self.tick(2)
        self.metadata.lifecycle = "InService"
        self.tick(30)
        self.assertEqual((self.states()[-1], self.aws.reports[-1]["release"]), ("healthy", 1))
        self.metadata.lifecycle = "Standby"
        self.tick(2)
        self.tick(19)
        self.assertEqual(self.units(), ["stop", "start"])
        self.tick(1)
        self.assertEqual(self.units(), ["stop", "start", "stop", "start"])

    def test_an_instance_that_an_earlier_release_left_keeps_what_it_runs(self):
        self.start()
        self.deploy(release=2, image="registry/app@sha256:2", update="never")
        for lifecycle in ("InService", "Terminated", "Standby"):
            self.metadata.lifecycle = lifecycle
            for _ in range(20):
                self.tick()
        self.assertEqual(self.units(), ["stop", "start"])
        self.assertEqual((self.states()[-1], self.aws.reports[-1]["release"]), ("healthy", 1))

    def test_a_fresh_instance_takes_the_release_that_replaces_nothing(self):
        self.deploy(update="never")
        self.assertEqual(self.tick()["state"], "healthy")

    def test_an_update_in_place_that_cannot_be_pulled_leaves_what_runs(self):
        self.update()
        self.docker.refusal, self.metadata.lifecycle = "image-missing", "Standby"
        self.tick(2)
        self.assertEqual((self.states()[-1], self.aws.reports[-1]["release"]), ("image-missing", 2))
        self.metadata.lifecycle = "InService"
        self.assertEqual(self.tick(2)["release"], 1)
        self.assertEqual(self.units(), ["stop", "start"])
        self.docker.refusal, self.metadata.lifecycle, self.agent.next_try = None, "Standby", self.now + 60
        self.tick(2)
        self.assertEqual((self.states()[-1], self.aws.reports[-1]["release"]), ("pulling", 2))

    def test_what_runs_looks_for_standby_every_two_seconds(self):
        self.tick()
        self.tick()
        self.assertEqual(self.metadata.looks, 0)
        self.start()
        looks = self.metadata.looks
        for _ in range(10):
            self.tick()
        self.assertEqual(self.metadata.looks, looks + 5)

    def test_an_instance_that_runs_nothing_takes_its_first_release_at_once(self):
        self.deploy(update="in-standby")
        self.assertEqual(self.tick()["state"], "healthy")

    def test_a_metadata_service_that_is_silent_changes_nothing(self):
        self.update()
        self.metadata.lifecycle = None
        self.assertEqual(self.tick(4)["state"], "healthy")
        self.metadata.lifecycle = "Standby"
        self.tick(2)
        self.metadata.lifecycle = None
        self.tick(20)
        self.assertEqual(self.units(), ["stop", "start", "stop", "start"])

    def test_old_images_are_removed_when_the_new_one_is_healthy(self):
        self.start(503)
        self.tick()
        self.assertEqual(self.docker.kept, [])
        Handler.status = 200
        self.tick()
        self.assertEqual(self.docker.kept, ["registry/app@sha256:1", "registry/app@sha256:1"])

    def test_a_pointer_that_is_emptied_stops_the_container(self):
        self.deploy()
        self.tick()
        self.aws.pointer = {}
        self.nudge()
        self.assertEqual(self.tick()["state"], "no-release")
        self.tick()
        self.assertEqual(self.units(), ["stop", "start", "stop"])

    def test_an_agent_that_is_started_again_leaves_the_container_alone(self):
        self.deploy()
        self.tick()
        self.agent = self.new_agent()
        self.assertEqual(self.tick()["state"], "healthy")
        self.assertEqual(self.units(), ["stop", "start"])

    def test_a_record_that_makes_no_sense_is_reported(self):
        del self.aws.record["container"]
        report = self.deploy()
        self.assertEqual((report["state"], report["detail"]), ("failed", "The release record releases/0001.json has no 'container'."))

    def test_the_container_file_is_for_root_alone(self):
        self.deploy()
        self.assertEqual(os.stat(files.CONTAINER_FILE).st_mode & 0o777, 0o600)


if __name__ == "__main__":
    unittest.main()
