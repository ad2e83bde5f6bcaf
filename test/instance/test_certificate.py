"""What Caddy's log says of orders that fail: the lines are those of Caddy 2.11."""
import json
import pathlib
import tempfile
import unittest

import agent_parts
from certificate import look_at_certificates, read_troubles

NAME = "api.example.com"
BUSY = "HTTP 429 urn:ietf:params:acme:error:rateLimited - too many new orders recently"


class Troubles(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        agent_parts.replace(self, "LOG_FOLDER", folder.name)
        agent_parts.replace(self, "STORAGE_FOLDER", folder.name)

    def log(self, *lines):
        with open(self.folder / "caddy.log", "a", encoding="utf-8") as file:
            for at, logger, message, *more in lines:
                file.write(json.dumps({"level": "error", "ts": at, "logger": logger, "msg": message, **(more[0] if more else {})}) + "\n")

    def refused(self, at, logger, error=BUSY):
        self.log((at - 0.1, logger, "could not get certificate from issuer", {"identifier": NAME, "issuer": "acme", "error": error}))

    def trouble(self):
        return read_troubles([NAME]).get(NAME)

    def test_without_an_order_that_failed_there_is_none(self):
        self.assertIsNone(self.trouble())
        self.log((1, "tls.obtain", "obtaining certificate", {"identifier": NAME}), (2, "http", "other", {"error": "x"}))
        self.assertIsNone(self.trouble())

    def test_a_first_order_says_when_it_is_made_again(self):
        self.refused(100, "tls.obtain")
        self.log((100, "tls.obtain", "will retry", {"error": f"[{NAME}] Obtain: {BUSY}", "retrying_in": 60}))
        self.assertEqual(self.trouble(), {"problem": f"[{NAME}] Obtain: {BUSY}", "next": 160, "given_up": False})
        self.log((170, "tls.obtain", "certificate obtained successfully", {"identifier": NAME}))
        self.assertIsNone(self.trouble())

    def test_a_first_order_that_is_not_made_again_is_given_up_until_it_begins_anew(self):
        self.refused(100.1, "tls.obtain")
        self.assertEqual(self.trouble(), {"problem": BUSY, "next": 1900.0, "given_up": True})
        self.log((1901, "tls.obtain", "obtaining certificate", {"identifier": NAME}))
        self.assertEqual(self.trouble(), {"problem": BUSY, "next": None, "given_up": False})

    def test_the_pauses_of_renewals_grow_with_each_failure_and_begin_anew_after_a_success(self):
        for failure, pause in enumerate((60, 120, 120, 300)):
            self.refused(1000.1 * (failure + 1), "tls.renew")
            self.assertAlmostEqual(self.trouble()["next"] - 1000.1 * (failure + 1), pause - 0.1)
        self.log((9000, "tls.renew", "certificate renewed successfully", {"identifier": NAME}))
        self.assertIsNone(self.trouble())
        self.refused(9999.1, "tls.renew")
        self.assertEqual(self.trouble()["next"], 9999 + 60)

    def test_other_names_are_not_this_ones(self):
        self.log((100, "tls.obtain", "will retry", {"error": f"[old.example.com] Obtain: {BUSY}", "retrying_in": 60}))
        self.assertIsNone(self.trouble())

    def test_the_report_waits_without_a_certificate_and_says_why(self):
        self.refused(100, "tls.obtain")
        self.log((100, "tls.obtain", "will retry", {"error": f"[{NAME}] Obtain: {BUSY}", "retrying_in": 60}))
        self.assertEqual(look_at_certificates([NAME], read_troubles([NAME])), {
            "domains": [NAME], "state": "waiting", "not_after": None, "serial": None,
            "next_try": "1970-01-01T00:02:40Z", "problem": f"[{NAME}] Obtain: {BUSY}"})
        self.assertIsNone(look_at_certificates([], {}))


if __name__ == "__main__":
    unittest.main()
