"""The state of a release that has been started, and the advice that comes with it."""
import unittest

import agent_parts
from health import explain, judge


class Judge(unittest.TestCase):
    def judge(self, **changes):
        seen = {"healthy": False, "answer": "Answer.", "failures": 1, "proven": False, "end": None, "definite": 0}
        return judge({**seen, "memory_mb": 64, "seconds": 1, "timeout": 60, **changes})

    end = {"restarts": 2, "code": 3, "oom": False, "error": "", "seconds": 0.4, "log_tail": []}

    def test_states(self):
        for changes, state in (
            ({}, "starting"),
            ({"seconds": 61}, "unhealthy"),
            ({"definite": 9}, "starting"),
            ({"definite": 10}, "unhealthy"),
            ({"definite": 10, "end": self.end}, "crashed"),
            ({"definite": 10, "healthy": True, "failures": 0, "proven": True}, "healthy"),
            ({"healthy": True, "failures": 0, "proven": True}, "healthy"),
            ({"healthy": True, "failures": 0, "proven": True, "seconds": 61}, "healthy"),
            ({"proven": True, "failures": 2}, "healthy"),
            ({"proven": True, "failures": 3}, "unhealthy"),
            ({"end": self.end}, "crashed"),
            ({"end": self.end, "seconds": 61}, "crashed"),
            ({"end": {**self.end, "oom": True, "code": 137}}, "out-of-memory"),
            ({"end": {**self.end, "error": "no such file"}}, "failed"),
            ({"end": self.end, "healthy": True, "failures": 0, "proven": True}, "healthy"),
            ({"end": self.end, "proven": True, "failures": 3}, "unhealthy"),
        ):
            self.assertEqual(self.judge(**changes)[0], state, changes)

    def test_details(self):
        self.assertEqual(self.judge(end=self.end)[1], "The container exited with code 3 after 0.4 s, 2 times so far.")
        self.assertIn("64 MB", self.judge(end={**self.end, "oom": True})[1])
        self.assertEqual(self.judge(seconds=61)[1], "Not healthy within 60 s. Answer.")


class Explanations(unittest.TestCase):
    loopback = "0: 0100007F:1F90 00000000:0000 0A"
    everywhere = "0: 00000000:{:04X} 00000000:0000 0A"
    six = "0: {}:1F90 00000000000000000000000000000000:0000 0A"

    def test_sockets(self):
        """With an image that exposes 3000 and 3001."""
        only = " The container listens on port 8080 of 127.0.0.1 only; it must listen on 0.0.0.0."
        for tables, *expected in (
            (self.loopback, only, True),
            (self.six.format("0" * 24 + "01000000"), only, True),
            (self.six.format("0" * 16 + "FFFF00000100007F"), only, True),
            (self.everywhere.format(3000), " The container listens on port 3000 instead, which its image exposes: set image.port to it.", True),
            (self.everywhere.format(9999), " The container listens on port 9999 instead.", False),
            (self.everywhere.format(9999) + "\n" + self.loopback, only, True),
            (self.loopback + "\n" + self.six.format("0" * 32), "", False),
            (self.everywhere.format(8080), "", False),
            ("0: 0100007F:1F90 0100007F:9000 01", " The container listens on no port.", False),
            ("", " The container listens on no port.", False),
        ):
            self.assertEqual([*explain(8080, 0, tables, [3000, 3001])], expected, tables)

    def test_an_image_that_exposes_the_configured_port_too_may_open_it_later(self):
        """As Triton does: 8000, 8001, and 8002 for metrics."""
        words, definite = explain(8000, 0, self.everywhere.format(8002), [8000, 8001, 8002])
        self.assertEqual((words, definite), (" The container listens on port 8002 instead.", False))

    def test_answers(self):
        definite = {status: explain(8080, status, "", [])[1] for status in (None, 302, 400, 401, 403, 404, 405, 429, 500, 503)}
        self.assertEqual([status for status, yes in definite.items() if yes], [401, 403, 404, 405])
        self.assertIn("health.path", explain(8080, 404, "", [])[0])


if __name__ == "__main__":
    unittest.main()
