"""A release record's settings, and the defaults of those that it leaves out."""
import copy
import unittest

import agent_parts
from record import OPTIONS, machine_memory_mb, read_record, spare_memory_mb

RECORD = {
    "schema_version": 1, "release": 7, "version": "v7", "image": "registry/app@sha256:1", "who": "test",
    "container": {
        "port": 8080, "health": {"path": "/ok", "timeout_seconds": 60}, "memory_mb": None,
        "env": {"A": "b"}, "secrets": {"S": {"arn": "arn", "version": "1", "as": "file"}}, "log_group": "/app",
    },
}


class Records(unittest.TestCase):
    def read(self, health=(), **container):
        record = copy.deepcopy(RECORD)
        record["container"].update(container)
        record["container"]["health"].update(health)
        return read_record(record)

    def test_defaults(self):
        self.assertEqual(self.read(), {
            "release": 7, "version": "v7", "image": "registry/app@sha256:1", "port": 8080,
            "health": {"path": "/ok", "timeout_seconds": 60, "protocol": "http1", "codes": None, "fail_fast": True, "drain_seconds": 10},
            "stop_seconds": 30,
            "options": OPTIONS,
            "memory_mb": spare_memory_mb(machine_memory_mb()),
            "gpus": 0, "alone": False, "env": {"A": "b"}, "secrets": {"S": {"arn": "arn", "version": "1", "as": "file"}}, "model": None, "log_group": "/app", "before": None})

    def test_the_host_keeps_512_mb_or_a_twentieth(self):
        """What Linux sees of a t3.nano, t3.micro, t3.small, m7i.large and m7i.8xlarge."""
        for total, spare in ((460, 128), (945, 433), (1910, 1398), (7800, 7288), (126000, 119700)):
            agent_parts.replace(self, "machine_memory_mb", lambda total=total: total)
            self.assertEqual(self.read()["memory_mb"], spare, total)
            self.assertEqual(self.read(memory_mb=64)["memory_mb"], 64)

    def test_what_the_record_says_counts(self):
        health = self.read(health={"fail_fast": False, "drain_seconds": 20})["health"]
        self.assertEqual((health["fail_fast"], health["drain_seconds"]), (False, 20))
        self.assertEqual(self.read(stop_seconds=120)["stop_seconds"], 120)
        self.assertEqual(self.read(stop_seconds=120, options={"stop_seconds": 5})["stop_seconds"], 5)
        self.assertEqual(self.read(options={"user": "app"})["options"], {**OPTIONS, "user": "app"})
        self.assertEqual(self.read(health={"codes": [401]})["health"]["codes"], [401])

    def test_the_load_balancer_needs_five_seconds_to_drain(self):
        self.assertEqual(self.read(health={"drain_seconds": 0})["health"]["drain_seconds"], 5)

    def test_a_setting_without_a_default_must_be_there(self):
        record = copy.deepcopy(RECORD)
        del record["container"]["port"]
        with self.assertRaises(KeyError):
            read_record(record)


if __name__ == "__main__":
    unittest.main()
