"""Signatures by AWS's time, for a machine whose clock is off."""
import datetime
import email.utils
import http.server
import threading
import unittest

import agent_parts
from clock import SteadyAws
from problem import Problem

SKEWED = b"<Error><Code>RequestTimeTooSkewed</Code><Message>too large</Message></Error>"


class Cloud(http.server.BaseHTTPRequestHandler):
    """Refuses what was signed more than five minutes off its own time, `ahead` seconds from this machine's."""

    ahead, code, asked = 0, SKEWED, []

    def do_GET(self):
        now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=type(self).ahead)
        signed = self.headers.get("x-amz-date")
        self.asked.append(signed)
        good = signed and abs((datetime.datetime.strptime(f"{signed}+0000", "%Y%m%dT%H%M%SZ%z") - now).total_seconds()) < 300
        self.send_response_only(200 if good else 403)
        self.send_header("Date", email.utils.format_datetime(now, usegmt=True))
        self.end_headers()
        self.wfile.write(b"good" if good else self.code)

    def log_message(self, *_):
        pass


class Metadata:
    until = 0.0

    def credentials(self):
        return {"AccessKeyId": "key", "SecretAccessKey": "secret"}


class Clocks(unittest.TestCase):
    def setUp(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Cloud)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        Cloud.ahead, Cloud.code, Cloud.asked = 0, SKEWED, []
        self.aws = SteadyAws({"region": "r", "domain": "d", "account": "1"}, Metadata(), f"http://127.0.0.1:{server.server_port}")

    def ask(self):
        return self.aws.s3("GET", "bucket", "key")

    def test_a_clock_that_is_right_asks_once_and_has_no_problem(self):
        self.assertEqual((self.ask(), len(Cloud.asked), self.aws.clock_problem()), (b"good", 1, ""))

    def test_a_clock_that_is_days_behind_is_corrected_and_reported(self):
        Cloud.ahead = 3 * 86400
        self.assertEqual(self.ask(), b"good")
        self.assertEqual(self.aws.clock_problem(), "The machine's clock is 3 days behind AWS's.")
        # From now on at once.
        asked = len(Cloud.asked)
        self.assertEqual((self.ask(), len(Cloud.asked)), (b"good", asked + 1))

    def test_a_clock_that_is_ahead_and_later_right(self):
        Cloud.ahead = -3 * 3600
        self.ask()
        self.assertEqual(self.aws.clock_problem(), "The machine's clock is 3 hours ahead of AWS's.")
        Cloud.ahead = 0
        self.assertEqual((self.ask(), self.aws.clock_problem()), (b"good", ""))

    def test_another_refusal_stays_one(self):
        Cloud.ahead, Cloud.code = 3 * 86400, b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
        with self.assertRaisesRegex(Problem, "AccessDenied"):
            self.ask()
        self.assertEqual(self.aws.clock_problem(), "")


if __name__ == "__main__":
    unittest.main()
