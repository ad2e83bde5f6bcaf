"""The state of a release that has been started."""
import time
import unittest

import agent_parts
from health import ask_health, judge
from raw_server import serve


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

    def test_an_end_that_docker_cannot_explain(self):
        """Code 137: SIGKILL. The kernel's own search for memory is not the container's limit, so Docker does not know about it."""
        self.assertEqual(
            self.judge(end={**self.end, "code": 137})[1],
            "The container exited with code 137 after 0.4 s, 2 times so far. It was killed, perhaps because the instance is out of memory.",
        )

    def test_a_crash_names_the_limit_that_its_last_words_show(self):
        words = ["Traceback", "OSError: [Errno 30] Read-only file system: '/home/app/.cache'"]
        detail = self.judge(end={**self.end, "log_tail": words})[1]
        self.assertTrue("Add /home/app/.cache to container.writable" in detail, detail)

    def test_details(self):
        self.assertEqual(self.judge(end=self.end)[1], "The container exited with code 3 after 0.4 s, 2 times so far.")
        self.assertIn("64 MB", self.judge(end={**self.end, "oom": True})[1])
        self.assertNotIn("/tmp", self.judge(end={**self.end, "oom": True, "tmp_mb": 15})[1])
        self.assertIn("16 MB of them were files in /tmp: container.tmp.size", self.judge(end={**self.end, "oom": True, "tmp_mb": 16})[1])
        self.assertEqual(self.judge(seconds=61)[1], "Not healthy within 60 s. Answer.")


class Asking(unittest.TestCase):
    """Against servers that are slower, larger or less polite than an application should be."""

    def setUp(self):
        agent_parts.replace(self, "HEALTH_SECONDS", 1)

    def ask(self, *pieces, pause=0.0):
        return ask_health(serve(self, pieces, pause), "/ok")

    def test_a_good_answer(self):
        answer = self.ask(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        self.assertEqual((answer["status"], answer["body"]), (200, "ok"))

    def test_a_redirect_is_not_followed(self):
        answer = self.ask(b"HTTP/1.1 301 Moved\r\nLocation: https://api.example.com/ok\r\nContent-Length: 0\r\n\r\n")
        self.assertEqual((answer["status"], answer["location"]), (301, "https://api.example.com/ok"))

    def test_a_body_of_a_byte_a_time_holds_the_agent_no_longer_than_the_deadline(self):
        started = time.monotonic()
        answer = self.ask(b"HTTP/1.1 200 OK\r\n\r\n", *[b"x"] * 50, pause=0.1)
        self.assertEqual(answer["status"], None)
        self.assertIn("did not answer within 1 s", answer["text"])
        self.assertLess(time.monotonic() - started, 3)

    def test_headers_of_a_byte_a_time_too(self):
        self.assertEqual(self.ask(*[b"H"] * 50, pause=0.1)["status"], None)

    def test_of_a_huge_body_only_the_beginning_is_read(self):
        answer = self.ask(b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 2**20] * 40)
        self.assertEqual((answer["status"], len(answer["body"])), (200, 65536))

    def test_what_is_not_http(self):
        self.assertEqual(self.ask(b"SSH-2.0-OpenSSH\r\n")["status"], 0)
        self.assertEqual(self.ask()["status"], 0)


if __name__ == "__main__":
    unittest.main()
