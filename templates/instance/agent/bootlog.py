"""The boot script's output, kept in CloudWatch: the group ends an instance that did not boot, and its disk with it."""
import os
import time

from files import BOOT_LOG, BOOT_OVER, last_lines
from problem import Problem


class BootLog:
    """Sent once, when the boot is over. After a restart of the agent the stream exists, which ends the second try."""

    def __init__(self, settings, instance, aws):
        self.group, self.instance, self.aws, self.sent = settings["boot_log_group"], f"{instance}/{settings['colour']}", aws, False

    def send(self):
        if self.sent or not os.path.exists(BOOT_OVER):
            return
        # A failure is not repeated: the end of the log is in the report.
        self.sent = True
        place = self.aws, self.group, self.instance
        try:
            make_stream(*place)
            write_lines(*place, [line for line in last_lines(BOOT_LOG, 1000) if line])
        except Problem as problem:
            if "ResourceAlreadyExists" not in str(problem):
                print(f"The boot log was not sent: {problem}", flush=True)


def make_stream(aws, group, stream):
    aws.call("logs", "Logs_20140328.CreateLogStream", {"logGroupName": group, "logStreamName": stream})


def write_lines(aws, group, stream, lines):
    at = int(time.time() * 1000)
    events = [{"timestamp": at, "message": line} for line in lines]
    if events:
        aws.call("logs", "Logs_20140328.PutLogEvents", {"logGroupName": group, "logStreamName": stream, "logEvents": events})
