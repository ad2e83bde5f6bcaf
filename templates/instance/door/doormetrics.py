"""What the alarms of a single machine watch, once a minute, from Caddy's access log and the door's checks.

Lines of JSON in the embedded metric format, as measure.py writes them. Names and meaning are those of a load balancer's metrics: seconds
until a container's answer begins; errors that a container answered; and, apart from them, requests that none has answered.
"""
import datetime
import json
import os
import time

from bootlog import make_stream, write_lines
from caddyconfig import LOG_FOLDER
from problem import Problem
from slots import COLOURS

# CloudWatch takes at most that many values of a metric in one line.
MOST_VALUES = 100


class DoorMetrics:
    """wanted: log_group and namespace; None to measure nothing. born: what came before was counted by another process, or is lost.

    file: the access log, open where it was read last.
    """

    def __init__(self, settings, instance, aws):
        self.wanted, self.aws, self.stream = settings.get("metrics"), aws, f"{instance}-door"
        self.stack, self.file, self.born = f"{settings['name']}-{settings['environment']}", None, time.time()

    def send(self, dials, checks, certificate):
        """`checks`: by colour, None for a slot that does not run. `certificate`: the report's part. Raises Problem."""
        if not self.wanted:
            return
        answers, unanswered = count_answers(self.new_lines(), dials, self.born)
        lines = []
        for colour in COLOURS:
            values = colour_values(answers[colour], checks[colour])
            if values:
                lines.append(self.line({"Colour": colour}, values))
        days = days_left(certificate)
        seconds = spread(sorted(seconds for colour in COLOURS for _, seconds in answers[colour]))
        whole = {"DoorUnanswered": unanswered, **({} if days is None else {"CertificateDays": days}), **({"DoorSeconds": seconds} if seconds else {})}
        lines.append(self.line({}, whole))
        try:
            write_lines(self.aws, self.wanted["log_group"], self.stream, lines)
        except Problem:
            # There is no stream yet. With another cause this fails too, and the next minute is another try.
            make_stream(self.aws, self.wanted["log_group"], self.stream)
            write_lines(self.aws, self.wanted["log_group"], self.stream, lines)

    def line(self, more, values):
        dimensions = {"Stack": self.stack, **more}
        about = {"Namespace": self.wanted["namespace"], "Dimensions": [[*dimensions]], "Metrics": [{"Name": name} for name in values]}
        return json.dumps({"_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [about]}, **dimensions, **values})

    def new_lines(self):
        """Since the last call, also of a file that Caddy has rotated away meanwhile."""
        path = f"{LOG_FOLDER}/access.log"
        while True:
            if self.file:
                yield from self.file
            try:
                now = os.stat(path).st_ino
            except FileNotFoundError:
                return
            if self.file and os.fstat(self.file.fileno()).st_ino == now:
                return
            self.file = open(path, encoding="utf-8", errors="replace")


def count_answers(lines, dials, since):
    """Of lines after `since`, in epoch seconds: (by colour: its answers as (status, seconds); how many requests were for a container, and none has answered)."""
    colours = {dial: colour for colour, dial in dials.items()}
    answers, unanswered = {colour: [] for colour in COLOURS}, 0
    for line in lines:
        try:
            entry = json.loads(line)
            # Only a request for a container has it; it is empty until a container has answered.
            answered = entry.get("answered_ms") if entry["ts"] >= since else None
            if answered:
                answers[colours[entry["upstream"]]].append((entry["status"], float(answered) / 1000))
            elif answered is not None and entry["status"] >= 500:
                unanswered += 1
        except (ValueError, LookupError, AttributeError):
            # The end of a line that Caddy is writing, or an address from before.
            pass
    return answers, unanswered


def colour_values(answers, healthy):
    values = {} if healthy is None else {"DoorUnhealthy": int(not healthy)}
    if answers:
        values["DoorRequests"], values["DoorErrors"] = len(answers), sum(status >= 500 for status, _ in answers)
        values["DoorSeconds"] = spread(sorted(seconds for _, seconds in answers))
    return values


def spread(values):
    """At most MOST_VALUES of the sorted values, evenly, so that percentiles stay the same."""
    if len(values) <= MOST_VALUES:
        return values
    return [values[int((place + 0.5) * len(values) / MOST_VALUES)] for place in range(MOST_VALUES)]


def days_left(certificate):
    if not certificate or not certificate["not_after"]:
        return None
    ends = datetime.datetime.strptime(certificate["not_after"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    return round((ends.timestamp() - time.time()) / 86400, 2)
