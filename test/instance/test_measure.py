"""Memory, disk and the application's own series, as lines of the embedded metric format."""
import http.server
import json
import threading
import unittest

import agent_parts  # noqa: F401
from measure import Measure
from problem import Problem

PAGE = """# HELP queue_texts Texts that wait
# TYPE queue_texts gauge
queue_texts 3
# TYPE hits_total counter
hits_total{route="/a"} 5
hits_total{route="/b",more="x y"} 2 1700000000000
# TYPE seconds histogram
seconds_bucket{le="1"} 4
seconds_sum 1.5
seconds_count 4
# TYPE broken gauge
broken NaN
"""


class Aws:
    """Has no log stream at first; `down` refuses every call."""

    def __init__(self):
        self.lines, self.stream, self.down, self.tries = [], False, False, 0

    def call(self, service, target, payload):
        self.tries += 1
        if self.down:
            raise Problem("logs: 500")
        if target.endswith("CreateLogStream"):
            self.stream = True
        elif not self.stream:
            raise Problem("PutLogEvents: ResourceNotFoundException The specified log stream does not exist.")
        else:
            self.place = (payload["logGroupName"], payload["logStreamName"])
            self.lines += [json.loads(event["message"]) for event in payload["logEvents"]]


class Handler(http.server.BaseHTTPRequestHandler):
    page = PAGE

    def do_GET(self):
        self.send_response(200 if self.path == "/metrics" else 404)
        self.end_headers()
        self.wfile.write(Handler.page.encode() if self.path == "/metrics" else b"")

    def log_message(self, *_):
        pass


class Measuring(unittest.TestCase):
    def setUp(self):
        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.aws, self.port, Handler.page = Aws(), server.server_port, PAGE

    def measure(self, **wanted):
        metrics = {"log_group": "/metrics", "namespace": "InferDeploy", "instances": True, "path": "/metrics", "series": [], **wanted}
        settings = {"name": "app", "environment": "production", "colour": "blue", "metrics": metrics}
        return Measure(settings, "i-1", self.aws)

    def test_without_the_setting_nothing_is_sent(self):
        settings = {"name": "app", "environment": "production", "colour": "blue"}
        Measure(settings, "i-1", self.aws).send(0.0, self.port)
        self.assertEqual(self.aws.tries, 0)

    def test_memory_and_disk_once_a_minute(self):
        measure = self.measure()
        for now in (100.0, 130.0, 161.0):
            measure.send(now, None)
        self.assertEqual(len(self.aws.lines), 2)
        self.assertEqual(self.aws.place, ("/metrics", "i-1"))
        line = self.aws.lines[0]
        self.assertEqual((line["Stack"], line["Colour"]), ("app-production", "blue"))
        (about,) = line["_aws"]["CloudWatchMetrics"]
        self.assertEqual((about["Namespace"], about["Dimensions"]), ("InferDeploy", [["Stack", "Colour"]]))
        for metric in about["Metrics"]:
            self.assertTrue(0 < line[metric["Name"]] <= 100, line)
        self.assertEqual([metric["Name"] for metric in about["Metrics"]], ["MemoryUsedPercent", "DiskUsedPercent"])

    def test_named_series_only_and_counters_by_what_they_grew(self):
        measure = self.measure(instances=False, series=["queue_texts", "hits_total", "seconds_sum", "nothing"])
        measure.send(0.0, self.port)
        self.assertEqual(self.own(0), {"queue_texts": 3.0})
        Handler.page = PAGE.replace("} 5", "} 9")
        measure.send(60.0, self.port)
        self.assertEqual(self.own(1), {"queue_texts": 3.0, "hits_total": 4.0, "seconds_sum": 0.0})
        # The application was restarted.
        Handler.page = PAGE.replace("} 5", "} 0")
        measure.send(120.0, self.port)
        self.assertEqual(self.own(2), {"queue_texts": 3.0, "seconds_sum": 0.0})

    def own(self, index):
        return {name: value for name, value in self.aws.lines[index].items() if name not in ("_aws", "Stack", "Colour")}

    def test_an_application_without_the_page_has_no_series(self):
        self.measure(series=["queue_texts"], path="/other").send(0.0, self.port)
        self.assertEqual([*self.own(0)], ["MemoryUsedPercent", "DiskUsedPercent"])

    def test_an_application_that_does_not_answer_hides_no_full_disk(self):
        self.measure(series=["queue_texts"]).send(0.0, 1)
        self.assertEqual([*self.own(0)], ["MemoryUsedPercent", "DiskUsedPercent"])

    def test_a_failure_is_no_error_and_is_tried_again(self):
        self.aws.down, measure = True, self.measure()
        for now in (0.0, 30.0):
            measure.send(now, None)
        self.assertEqual(self.aws.tries, 2)
        self.aws.down = False
        measure.send(60.0, None)
        self.assertEqual(len(self.aws.lines), 1)

    def test_a_value_that_is_no_number_is_left_out(self):
        self.measure(instances=False, series=["broken", "queue_texts"]).send(0.0, self.port)
        self.assertEqual(self.own(0), {"queue_texts": 3.0})
