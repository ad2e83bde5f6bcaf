"""The bounds of an answer, and what an error answer says."""
import time
import unittest

import agent_parts
from raw_server import serve
from request import error_of, opened, send


class Bounds(unittest.TestCase):
    def send(self, *pieces, pause=0.0, **limits):
        return send("GET", f"http://127.0.0.1:{serve(self, pieces, pause)}/", {}, **limits)

    def test_a_whole_answer(self):
        self.assertEqual(self.send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone"), (404, b"gone"))

    def test_the_deadline_is_for_the_whole_answer(self):
        started = time.monotonic()
        answer = self.send(b"HTTP/1.1 200 OK\r\n\r\n", *[b"x"] * 50, pause=0.1, timeout=0.5)
        self.assertEqual(answer, (0, b"timed out"))
        self.assertLess(time.monotonic() - started, 3)

    def test_an_answer_that_is_too_large(self):
        answer = self.send(b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 2**20] * 8, largest=2**20)
        self.assertEqual(answer, (0, b"the answer has more than 1048576 bytes"))

    def test_an_answer_that_is_cut_off(self):
        self.assertEqual(self.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"), (0, b"the answer was cut off"))

    def test_a_stream_may_take_long_while_bytes_come(self):
        port = serve(self, [b"HTTP/1.1 200 OK\r\n\r\n", *[b"line\n"] * 8], 0.2)
        with opened("GET", f"http://127.0.0.1:{port}/", {}, timeout=1, idle=True) as answer:
            self.assertEqual(len(answer.readlines()), 8)

    def test_a_stream_that_falls_silent_ends(self):
        port = serve(self, [b"HTTP/1.1 200 OK\r\n\r\n", b"line\n"], 5)
        with self.assertRaises(TimeoutError), opened("GET", f"http://127.0.0.1:{port}/", {}, timeout=0.3, idle=True) as answer:
            answer.readlines()


class Errors(unittest.TestCase):
    def test_json_error(self):
        body = b'{"__type": "com.amazonaws#AccessDeniedException", "Message": "no"}'
        self.assertEqual(error_of(body), ("AccessDeniedException", "no"))

    def test_xml_error(self):
        body = b"<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>"
        self.assertEqual(error_of(body), ("NoSuchKey", "gone"))

    def test_neither(self):
        self.assertEqual(error_of(b"Bad Gateway"), ("", "Bad Gateway"))


if __name__ == "__main__":
    unittest.main()
