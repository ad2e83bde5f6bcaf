"""The door's rounds against a Caddy, a Docker and an AWS that keep state."""
import json
import os
import pathlib
import tempfile
import unittest

import agent_parts
from address import take_address
from door import Door
from files import read_json
from problem import Problem
from storage import Storage
from switches import read_switches

SETTINGS = {"domains": [], "headers": {}, "body_limit_bytes": None, "request_seconds": 60, "drain_seconds": 30,
            "health_path": "/healthz", "authority": None, "email": None}
RUNS = {"run": True, "until": None}
ABOUT = {"name": "n", "environment": "e", "region": "r", "domain": "d", "bucket": "b", "prefix": "x", "slots": {"blue": {"pointer": "/blue", "port": 8081}, "green": {"pointer": "/green", "port": 8082}},
         "door": {"settings": "/settings", "traffic": "/traffic", "address": "eipalloc-1"}}


class Caddy:
    """running: its configuration. words: why it refuses the next ones, or "". down: it does not answer. counts: requests in flight."""

    def __init__(self):
        self.running, self.words, self.down, self.counts, self.starts = None, "", False, {"blue": 0, "green": 0}, 0
        self.torn = lambda: False

    def start(self):
        self.starts += 1

    def again(self):
        self.starts += 1

    def follow(self, config, anew=False):
        if self.torn():
            raise Problem("Caddy: tls: private key does not match public key")
        if self.down:
            raise Problem("Caddy does not answer.")
        self.running = self.running if self.words else config
        return self.words

    def in_flight(self, dials):
        return dict(self.counts)


class Docker:
    up = True

    def ready(self):
        return self.up

    def call(self, method, path):
        return json.dumps({"IPAM": {"Config": [{"Gateway": "172.17.0.1"}]}})


class Aws:
    """The parameters, the objects, and the requests of the query API. clock: what is wrong with the machine's, or ""."""

    endpoint, clock = "", ""

    def clock_problem(self):
        return self.clock

    def __init__(self):
        self.parameters, self.objects, self.requests, self.denied = {}, {}, [], False

    def call(self, service, target, payload):
        return {"Parameters": [{"Name": name, "Value": json.dumps(self.parameters[name])} for name in payload["Names"] if name in self.parameters]}

    def s3(self, method, bucket, key, body=b""):
        if self.denied:
            raise Problem("S3: AccessDenied", denied=True)
        if method == "PUT":
            self.objects[key] = body
        elif key not in self.objects:
            raise Problem("S3 GET: NoSuchKey")
        return self.objects[key]

    def request(self, method, url, headers, body, service, what):
        self.requests.append((method, url, body.decode(), service))


class Doors(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name in ("TRAFFIC_FILE", "DOOR_FILE", "TAKEN_FILE", "STORAGE_FOLDER", "CADDY_PROGRAM", "SWITCH_FOLDER"):
            agent_parts.replace(self, name, str(self.folder / name))
        agent_parts.replace(self, "CADDY_GROUP", os.getgid())
        (self.folder / "CADDY_PROGRAM").touch()
        self.aws, self.caddy, self.docker, self.now = Aws(), Caddy(), Docker(), 1000.0
        self.door = Door(ABOUT, "i-1", "eu-central-1a", self.aws, self.docker, self.caddy)
        self.traffic = {"generation": 0, "image": None, "weights": {"blue": 100, "green": 0}, "probe": None, "pause": None, "slots": {"blue": RUNS, "green": RUNS}}
        self.aws.parameters["/settings"] = SETTINGS

    def tick(self, seconds=1, **changes):
        """One round, after a change of the traffic; the report that is written then."""
        self.now += seconds
        if changes:
            self.traffic = {**self.traffic, **changes, "generation": self.traffic["generation"] + 1}
            self.aws.parameters["/traffic"] = self.traffic
            self.door.read()
        self.door.tick(self.now)
        self.door.report.write(self.now)
        return self.report()

    def report(self):
        return json.loads(self.aws.objects["x/agents/i-1-door.json"])

    def serve(self):
        for check in self.door.checks.values():
            check.healthy = True
        return self.tick(weights={"blue": 100, "green": 0})

    def weights(self):
        """blue and green: whether each gets anything."""
        found = read_switches()
        return bool(found["blue"]), bool(found["green-below"])

    def states(self):
        return [self.report()["slots"][colour]["state"] for colour in ("blue", "green")]

    def test_a_report_says_by_which_generation_caddy_serves(self):
        report = self.serve()
        self.assertEqual([report[name] for name in ("schema_version", "instance", "zone", "generation", "problem", "certificate")], [1, "i-1", "eu-central-1a", 1, "", None])
        self.assertEqual(report["slots"]["blue"], {"state": "healthy", "reason": "", "in_flight": 0})
        self.assertEqual((self.weights(), self.caddy.starts), ((True, False), 1))

    def test_a_refused_configuration_is_reported_in_caddys_words(self):
        self.serve()
        self.caddy.words = "Caddy: no such module"
        report = self.tick(weights={"blue": 0, "green": 100})
        self.assertEqual((report["generation"], report["problem"]), (2, "Caddy: no such module"))
        self.assertEqual(self.weights(), (False, True), "the configuration before follows the traffic, too")
        self.caddy.words = ""
        self.assertEqual(self.tick()["problem"], "")

    def test_a_change_of_the_traffic_needs_no_other_configuration(self):
        self.serve()
        before = self.caddy.running
        self.tick(weights={"blue": 50, "green": 50}, probe={"colour": "green", "token": "t"})
        self.assertEqual(self.caddy.running, before)

    def test_a_caddy_that_does_not_answer_serves_nothing(self):
        self.serve()
        self.caddy.down = True
        report = self.tick(weights={"blue": 0, "green": 100})
        self.assertEqual((report["generation"], report["problem"]), (1, "Caddy does not answer."))

    def test_nothing_is_served_before_docker_is_ready(self):
        self.docker.up = False
        report = self.serve()
        self.assertEqual((report["generation"], report["problem"], self.caddy.starts), (0, "Waiting for Docker.", 0))
        self.docker.up = True
        self.assertEqual(self.tick()["generation"], 1)

    def test_a_missing_image_of_caddy_is_reported(self):
        (self.folder / "CADDY_PROGRAM").unlink()
        self.assertEqual(self.serve()["problem"], "There is no image of Caddy yet.")

    def test_documents_that_cannot_be_read_leave_the_ones_before_in_force(self):
        self.serve()
        del self.aws.parameters["/traffic"]
        with self.assertRaises(Problem):
            self.door.read()
        report = self.tick()
        self.assertEqual((report["generation"], report["problem"]), (1, "The Parameter Store does not have '/traffic'."))
        self.assertEqual(self.weights(), (True, False))

    def test_the_old_slot_drains_until_its_requests_have_ended(self):
        self.serve()
        self.caddy.counts["blue"] = 3
        self.tick(weights={"blue": 0, "green": 100})
        self.assertEqual(self.states(), ["draining", "healthy"])
        self.caddy.counts["blue"] = 0
        self.tick()
        self.assertEqual(self.states(), ["healthy", "healthy"])
        self.caddy.counts["blue"] = 1
        self.tick()
        self.assertEqual(self.states()[0], "healthy", "a probe")

    def test_a_slot_whose_time_is_over_is_not_in_use(self):
        self.serve()
        self.tick(slots={"blue": {"run": True, "until": self.now - 1}, "green": RUNS}, weights={"blue": 0, "green": 100})
        self.assertEqual(self.states()[0], "unused")

    def test_a_count_alone_is_written_every_ten_seconds_while_it_drains(self):
        self.serve()
        self.caddy.counts["blue"] = 9
        self.tick(weights={"blue": 0, "green": 100})
        seen = []
        for second in range(12):
            self.caddy.counts["blue"] = 8 - second // 3
            seen.append(self.tick()["slots"]["blue"]["in_flight"])
        self.assertEqual(seen, [9] * 9 + [5] * 3)

    def test_the_slots_agents_learn_what_is_in_flight(self):
        self.serve()
        self.caddy.counts["green"] = 2
        self.tick()
        self.assertEqual(read_json(str(self.folder / "DOOR_FILE")), {"generation": 1, "in_flight": {"blue": 0, "green": 2}, "drain_seconds": 30})
        self.assertEqual(read_json(str(self.folder / "TRAFFIC_FILE")), self.traffic)

    def test_a_slot_that_fails_its_checks_falls_out(self):
        self.serve()
        self.tick(weights={"blue": 50, "green": 50})
        self.door.checks["blue"].healthy = False
        self.door.checks["blue"].reason = "Nothing answers on port 8081."
        report = self.tick()
        self.assertEqual(self.weights(), (False, True))
        self.assertEqual(report["slots"]["blue"], {"state": "unhealthy", "reason": "Nothing answers on port 8081.", "in_flight": 0})

    def test_the_address_is_taken_once_in_a_machines_life(self):
        for _ in range(2):
            take_address("eipalloc-1", "i-1", ABOUT, self.aws)
        [(method, url, body, service)] = self.aws.requests
        self.assertEqual((method, url, service), ("POST", "https://ec2.r.d/", "ec2"))
        self.assertEqual(body, "Action=AssociateAddress&Version=2016-11-15&AllocationId=eipalloc-1&InstanceId=i-1&AllowReassociation=true")

    def test_the_storage_comes_back_on_the_next_machine(self):
        storage, place = Storage(ABOUT, self.aws), self.folder / "STORAGE_FOLDER"
        storage.restore()
        (place / "certificates").mkdir()
        (place / "locks").mkdir()
        (place / "certificates" / "a.crt").write_text("certificate")
        (place / "locks" / "a.lock").touch()
        storage.save()
        saved = self.aws.objects["x/door/storage.tar"]
        storage.save()
        self.assertIs(self.aws.objects["x/door/storage.tar"], saved)
        os.rename(place, self.folder / "old")
        Storage(ABOUT, self.aws).restore()
        self.assertEqual([str(one.relative_to(place)) for one in place.rglob("*")], ["certificates", "certificates/a.crt"])

    def test_a_clock_that_is_off_is_reported_also_while_all_else_works(self):
        self.serve()
        self.aws.clock = "The machine's clock is 3 days behind AWS's."
        self.assertEqual((self.tick()["problem"], self.report()["generation"]), (self.aws.clock, 1))

    def test_a_certificate_that_was_half_written_comes_back_from_the_bucket_before_caddy_starts(self):
        place = self.folder / "STORAGE_FOLDER" / "certificates" / "authority"
        (place / "a").mkdir(parents=True)
        (place / "a" / "a.crt").write_text("whole")
        torn = []
        agent_parts.replace(self, "torn_folders", lambda: [*torn])
        self.door.storage.save()
        saved = self.aws.objects["x/door/storage.tar"]
        (place / "a" / "a.crt").write_text("half")
        torn.append("certificates/authority/a")
        self.door.storage.save()
        self.assertIs(self.aws.objects["x/door/storage.tar"], saved)
        self.caddy.torn = lambda: (place / "a" / "a.crt").read_text() == "half"
        self.assertEqual(self.serve()["problem"], "")
        self.assertEqual((place / "a" / "a.crt").read_text(), "whole")

    def test_orders_that_caddy_has_given_up_are_made_again_once_they_are_due(self):
        self.serve()
        starts, trouble = self.caddy.starts, {"problem": "no", "next": 2000.0, "given_up": True}
        for now in (1999.0, 2000.0, 2002.0, 3799.0):
            self.door.order({"a": trouble}, now)
        self.assertEqual(self.caddy.starts, starts + 1)
        self.door.order({"a": {**trouble, "given_up": False}}, 9000.0)
        self.assertEqual(self.caddy.starts, starts + 1)

    def test_a_bucket_that_refuses_is_no_empty_storage(self):
        self.aws.denied = True
        with self.assertRaises(Problem):
            Storage(ABOUT, self.aws).restore()
        self.assertFalse((self.folder / "STORAGE_FOLDER").exists())


if __name__ == "__main__":
    unittest.main()
