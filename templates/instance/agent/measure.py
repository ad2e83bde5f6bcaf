"""The instance's memory and disk, and named series of the application's /metrics, once a minute.

One line of JSON in the embedded metric format, from which CloudWatch makes metrics of the stack and the colour: no metric for each instance,
which would cost more with each of them.
"""
import json
import re
import shutil
import time

from bootlog import make_stream, write_lines
from problem import Problem
from request import opened

SAMPLE = re.compile(r"^(\w+)(?:{.*})? ([-+.e\d]+)", re.M)


class Measure:
    """wanted: log_group, namespace, instances (whether memory and disk), path, series; None to measure nothing. before: the last values."""

    def __init__(self, settings, instance, aws):
        self.wanted, self.settings, self.instance, self.aws = settings.get("metrics"), settings, instance, aws
        self.next, self.before = 0.0, {}

    def send(self, now, port):
        """`port`: the application's; None while it does not run. Never raises: a missing metric must not end a release."""
        if not self.wanted or now < self.next:
            return
        self.next = now + 60
        # Two lines: an application that does not answer hides no full disk.
        for look in (self.host, self.scrape):
            try:
                values = look(port)
                if values:
                    self.put(values)
            except Exception as error:
                print(f"No metrics: {error}", flush=True)

    def host(self, _port):
        if not self.wanted["instances"]:
            return {}
        with open("/proc/meminfo") as file:
            total, _, free = (int(line.split()[1]) for line in file.readlines()[:3])
        disk = shutil.disk_usage("/")
        return {"MemoryUsedPercent": 100 - 100 * free / total, "DiskUsedPercent": 100 - 100 * disk.free / disk.total}

    def scrape(self, port):
        """The sum of each series over its labels; of a counter, what it has grown since the last minute."""
        seen, grown = {}, {}
        if not port or not self.wanted["series"]:
            return grown
        with opened("GET", f"http://127.0.0.1:{port}{self.wanted['path']}", {}, timeout=3) as answer:
            for name, value in SAMPLE.findall(answer.read(2**20).decode()):
                if name in self.wanted["series"]:
                    seen[name] = seen.get(name, 0) + float(value)
        before, self.before = self.before, seen
        for name, value in seen.items():
            if name.endswith(("_total", "_sum", "_count", "_bucket")):
                # After a restart of the application it begins again.
                value -= before.get(name, value + 1)
            if value >= 0:
                grown[name] = value
        return grown

    def put(self, values):
        about = {"Namespace": self.wanted["namespace"], "Dimensions": [["Stack", "Colour"]], "Metrics": [{"Name": name} for name in values]}
        line = {
            "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [about]},
            "Stack": f"{self.settings['name']}-{self.settings['environment']}", "Colour": self.settings["colour"], **values,
        }
        place = self.aws, self.wanted["log_group"], self.instance
        try:
            write_lines(*place, [json.dumps(line)])
        except Problem:
            # There is no stream yet. With another cause this fails too, and the next minute is another try.
            make_stream(*place)
            write_lines(*place, [json.dumps(line)])
