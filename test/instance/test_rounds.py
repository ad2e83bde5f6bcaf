"""The agent's rounds against an AWS, a Docker and a systemctl that remember; health is asked of a real server."""
import http.server
import json
import os
import pathlib
import tempfile
import threading
import time
import unittest

from agent_file import agent

POINTER = {"schema_version": 1, "release": 1, "version": "v1", "image": "registry/app@sha256:1", "record": "releases/0001.json"}
END = {"restarts": 1, "code": 3, "oom": False, "error": "", "seconds": 0.4, "log_tail": ["no weights"]}


class Aws:
    """Holds the pointer, the objects and every report; `denied` calls are refused first."""

    endpoint = ""

    def __init__(self, port):
        container = {"port": port, "health": {"path": "/ok", "timeout_seconds": 60}, "memory_mb": 64, "env": {}, "secrets": {}, "log_group": "/app"}
        self.record, self.pointer, self.denied, self.reports = {**POINTER, "container": container}, {}, 0, []

    def call(self, service, target, payload):
        if self.denied:
            self.denied -= 1
            raise agent.Problem(f"{target}: AccessDeniedException", denied=True)
        return {"Parameter": {"Value": json.dumps(self.pointer)}}

    def s3(self, method, bucket, key, body=b""):
        if method == "PUT":
            self.reports.append(json.loads(body))
        return json.dumps({**self.record, **self.pointer}).encode()


class Docker:
    """Ready or not; refuses to pull when `refusal` is set; remembers what it pulled and kept."""

    def __init__(self):
        self.up, self.refusal, self.pulled, self.kept = True, None, [], []

    def ready(self):
        return self.up

    def inspect(self):
        return None

    def pull(self, image, login):
        if self.refusal:
            raise agent.Problem(f"{image} could not be pulled", self.refusal)
        self.pulled.append(image)

    def log_tail(self):
        return ["a line"]

    def prune(self, keep):
        self.kept = keep


class Metadata:
    def read(self, path):
        return {"instance-id": "i-1", "placement/availability-zone": "eu-central-1a"}[path]


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
        for name in ("CONTAINER", "EXIT", "BOOT_LOG", "BOOT_FAILED"):
            self.change(vars(agent), name, str(self.folder / name))
        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        Handler.status = 200
        self.aws, self.docker, self.now = Aws(server.server_port), Docker(), time.monotonic()
        self.agent = self.new_agent()

    def change(self, mapping, name, value):
        self.addCleanup(mapping.__setitem__, name, mapping[name])
        mapping[name] = value

    def new_agent(self):
        settings = {"colour": "blue", "pointer": "/p", "bucket": "b", "prefix": "x", "poll_seconds": 30, "region": "r"}
        made = agent.Agent(settings, Metadata(), self.aws, self.docker)
        made.born = made.started = self.now
        return made

    def tick(self, seconds=1.0):
        self.now += seconds
        self.agent.tick(self.now)
        return self.aws.reports[-1]

    def nudge(self):
        self.agent.next_poll = self.agent.next_try = 0.0

    def deploy(self, **changes):
        self.aws.pointer = {**POINTER, **changes}
        self.nudge()
        return self.tick()

    def states(self):
        return [report["state"] for report in self.aws.reports]

    def units(self):
        log = self.folder / "systemctl.log"
        return log.read_text().split() if log.exists() else []

    def end(self, **changes):
        agent.write_json(agent.EXIT, {**END, **changes})

    def test_from_boot_to_healthy(self):
        self.docker.up = False
        (self.folder / "BOOT_LOG").write_text("installing Docker\n")
        report = self.tick()
        self.assertEqual((report["state"], report["log_tail"]), ("booting", ["installing Docker"]))
        self.docker.up = True
        self.assertEqual(self.tick()["state"], "no-release")
        self.deploy()
        report = self.tick()
        self.assertEqual(self.states(), ["booting", "no-release", "pulling", "healthy"])
        self.assertEqual({name: report[name] for name in ("release", "version", "digest", "exit_code", "restarts", "zone", "colour")}, {
            "release": 1, "version": "v1", "digest": "sha256:1", "exit_code": None, "restarts": 0, "zone": "eu-central-1a", "colour": "blue"})
        self.assertEqual(self.units(), ["stop", "start"])

    def test_a_boot_that_failed(self):
        self.docker.up = False
        (self.folder / "BOOT_FAILED").touch()
        (self.folder / "BOOT_LOG").write_text("no such package\n")
        report = self.tick()
        self.assertEqual((report["state"], report["log_tail"]), ("failed", ["no such package"]))

    def test_a_refusal_counts_as_booting_for_two_minutes(self):
        self.aws.denied = 10**9
        self.assertEqual(self.tick()["state"], "booting")
        self.assertEqual(self.tick(121)["state"], "failed")
        self.aws.denied = 0
        self.assertEqual(self.tick(30)["state"], "no-release")

    def test_what_runs_goes_on_while_the_pointer_cannot_be_read(self):
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
        self.assertEqual(self.states()[-3:], ["pulling", "image-missing", "healthy"])
        self.assertEqual(self.docker.kept, ["registry/app@sha256:2", "registry/app@sha256:1"])

    def test_a_refused_pull_is_tried_again_ever_more_slowly(self):
        self.docker.refusal = "pull-denied"
        self.deploy()
        tries = [self.agent.tries]
        for _ in range(3):
            self.tick()
            tries.append(self.agent.tries)
        self.assertLess(tries[-1], 3)
        self.assertEqual(self.states(), ["pulling", "pull-denied"])

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
        self.docker.refusal, self.aws.pointer, self.agent.next_poll = None, {**POINTER, "release": 2}, 0.0
        self.tick()
        self.assertEqual(self.tick()["state"], "healthy")

    def test_a_health_that_is_lost(self):
        self.deploy()
        self.tick()
        Handler.status = 500
        self.tick(4)
        self.tick()
        self.assertEqual(self.states()[-1], "healthy")
        self.assertIn("answered 500", self.tick()["detail"])
        self.assertEqual(self.states()[-1], "unhealthy")

    def test_a_health_that_never_comes(self):
        Handler.status = 404
        self.deploy()
        self.agent.started = self.now
        self.tick()
        self.assertEqual(self.tick(61)["state"], "unhealthy")

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
        self.assertEqual(self.deploy()["state"], "failed")

    def test_the_container_file_is_for_root_alone(self):
        self.deploy()
        self.assertEqual(os.stat(agent.CONTAINER).st_mode & 0o777, 0o600)


if __name__ == "__main__":
    unittest.main()
