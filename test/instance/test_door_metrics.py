"""What the door makes of Caddy's access log for CloudWatch."""
import json
import pathlib
import tempfile
import time
import unittest

import agent_parts
from doormetrics import DoorMetrics, count_answers, spread

DIALS = {"blue": "172.17.0.1:8081", "green": "172.17.0.1:8082"}
ABOUT = {"name": "n", "environment": "e", "metrics": {"log_group": "/metrics", "namespace": "InferDeploy"}}


def entry(status, milliseconds, colour="blue"):
    return json.dumps({"ts": time.time() + 1, "status": status, "upstream": DIALS[colour], "answered_ms": milliseconds})


class Aws:
    def __init__(self):
        self.lines = []

    def call(self, service, target, payload):
        self.lines += [json.loads(event["message"]) for event in payload.get("logEvents", [])]


class Metrics(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        agent_parts.replace(self, "LOG_FOLDER", folder.name)
        self.log, self.aws = pathlib.Path(folder.name) / "access.log", Aws()
        self.metrics = DoorMetrics(ABOUT, "i-1", self.aws)
        self.addCleanup(lambda: self.metrics.file and self.metrics.file.close())

    def send(self, certificate=None):
        self.aws.lines.clear()
        self.metrics.send(DIALS, {"blue": True, "green": None}, certificate)
        return self.aws.lines

    def append(self, *lines):
        with self.log.open("a") as file:
            file.writelines(line + "\n" for line in lines)

    def test_answers_count_by_colour_and_apart_from_requests_that_nothing_answered(self):
        paused = json.dumps({"ts": 5, "status": 503})
        lines = [entry(200, "20"), entry(500, "1500"), entry(200, "10", "green"), entry(502, ""), entry(413, ""), paused, "{"]
        self.assertEqual(count_answers(lines, DIALS, 0), ({"blue": [(200, 0.02), (500, 1.5)], "green": [(200, 0.01)]}, 1))

    def test_each_minute_has_its_own_lines_also_when_caddy_rotates_the_log(self):
        self.append(entry(200, "1").replace('"ts": 1', '"ts": '), entry(200, "1"))
        self.assertEqual(self.send()[0]["DoorRequests"], 1, "the other is of an earlier process")
        self.append(entry(200, "2"))
        self.log.rename(self.log.with_name("access-2026.log"))
        self.append(entry(503, "3"))
        blue, stack = self.send()
        self.assertEqual([blue[name] for name in ("Stack", "Colour", "DoorRequests", "DoorErrors", "DoorSeconds", "DoorUnhealthy")],
                         ["n-e", "blue", 2, 1, [0.002, 0.003], 0])
        self.assertEqual(blue["_aws"]["CloudWatchMetrics"][0]["Dimensions"], [["Stack", "Colour"]])
        self.assertEqual((stack["DoorUnanswered"], stack["_aws"]["CloudWatchMetrics"][0]["Dimensions"]), (0, [["Stack"]]))
        self.assertNotIn("DoorRequests", self.send()[0])

    def test_the_days_that_a_certificate_has_left(self):
        ends = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 30 * 86400))
        self.assertAlmostEqual(self.send({"not_after": ends})[-1]["CertificateDays"], 30, 1)
        self.assertNotIn("CertificateDays", self.send({"not_after": None})[-1])

    def test_many_values_keep_their_percentiles(self):
        values = spread([number / 1000 for number in range(5000)])
        self.assertEqual(len(values), 100)
        self.assertAlmostEqual(values[49], 2.475, 3)


if __name__ == "__main__":
    unittest.main()
