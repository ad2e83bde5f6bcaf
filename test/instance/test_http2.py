"""Requests in HTTP/2 and calls of gRPC, by a server whose every frame is here."""
import struct
import unittest

import agent_parts
from health import ask_health, is_healthy
from advice import explain
from raw_server import serve

DATA, HEADERS, SETTINGS = 0, 1, 4
END_STREAM, END_HEADERS = 1, 4


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def fields(*pairs):
    """HPACK without its tables (RFC 7541, 6.2.2)."""
    return b"".join(b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value for name, value in pairs)


def answer(*frames):
    return [frame(SETTINGS, 0, 0), frame(SETTINGS, 1, 0), b"".join(frames)]


def call(code, message=b"\x08\x01", words=b""):
    """Headers, a message, and the code in the trailers."""
    body = struct.pack(">BI", 0, len(message)) + message
    return answer(
        frame(HEADERS, END_HEADERS, 1, fields((b":status", b"200"), (b"content-type", b"application/grpc"))),
        frame(DATA, 0, 1, body),
        frame(HEADERS, END_HEADERS | END_STREAM, 1, fields((b"grpc-status", code), (b"grpc-message", words))))


def refusal(code, words):
    """All in the headers, without a message."""
    return answer(frame(HEADERS, END_HEADERS | END_STREAM, 1, fields((b":status", b"200"), (b"grpc-status", code), (b"grpc-message", words))))


class Calls(unittest.TestCase):
    path = "/grpc.health.v1.Health/Check"

    def setUp(self):
        agent_parts.replace(self, "HEALTH_SECONDS", 1)

    def ask(self, pieces, path=None):
        return ask_health(serve(self, pieces, 0.05), path or self.path, "grpc")

    def test_a_server_that_serves_is_healthy(self):
        found = self.ask(call(b"0"))
        self.assertEqual((found["code"], is_healthy(found, [0])), (0, True), found)
        self.assertEqual(is_healthy(found, [12]), False)

    def test_one_that_says_that_it_does_not_is_not_although_the_call_was_answered(self):
        for message, word in ((b"\x08\x02", "NOT_SERVING"), (b"", "UNKNOWN")):
            found = self.ask(call(b"0", message))
            self.assertEqual(is_healthy(found, [0]), False, found)
            self.assertIn(f"answered with {word}, not SERVING", found["text"])

    def test_the_message_of_another_method_is_its_own(self):
        self.assertEqual(is_healthy(self.ask(call(b"0", b"\x0a\x01x"), "/shout.Shout/Say"), [0]), True)

    def test_a_method_that_is_not_there(self):
        found = self.ask(refusal(b"12", b"Method not found!"))
        self.assertEqual((found["code"], is_healthy(found, [0]), is_healthy(found, [12])), (12, False, True))
        self.assertIn("with code 12: Method not found!", found["text"])
        self.assertIn("add gRPC's health service", explain(8000, found, {})[0])

    def test_an_answer_of_http_only(self):
        found = self.ask(answer(frame(HEADERS, END_HEADERS | END_STREAM, 1, fields((b":status", b"404")))))
        self.assertEqual((found["status"], found["code"], is_healthy(found, [0])), (404, None, False))

    def test_no_answer(self):
        self.assertEqual(self.ask([frame(SETTINGS, 0, 0)] + [b""] * 40)["status"], None)
        self.assertEqual(self.ask([b"HTTP/1.1 400 Bad Request\r\n\r\n"])["status"], 0)
        # Nothing listens on port 1.
        silent = ask_health(1, self.path, "grpc")
        self.assertEqual((silent["status"], is_healthy(silent, [0])), (0, False))

    def test_a_message_without_an_end(self):
        endless = answer(frame(HEADERS, END_HEADERS, 1, fields((b":status", b"200"))), *[frame(DATA, 0, 1, b"x" * 16384)] * 3)
        self.assertEqual(is_healthy(self.ask(endless), [0]), False)


class Requests(unittest.TestCase):
    def setUp(self):
        agent_parts.replace(self, "HEALTH_SECONDS", 1)

    def test_a_get(self):
        pieces = answer(frame(HEADERS, END_HEADERS, 1, fields((b":status", b"200"))), frame(DATA, END_STREAM, 1, b"ok"))
        found = ask_health(serve(self, pieces, 0.05), "/healthz", "http2")
        self.assertEqual((found["status"], found["body"]), (200, "ok"))
        self.assertEqual(is_healthy(found, None), True)

    def test_a_server_of_http2_where_http1_is_expected_is_definite(self):
        found = ask_health(serve(self, [frame(SETTINGS, 0, 0, b"\0\x03\0\0\0\x64")]), "/healthz")
        advice, definite = explain(8000, found, {})
        self.assertEqual((found["status"], definite), (0, True))
        self.assertIn("speaks HTTP/2 on this port: set requests.protocol: http2 or grpc", advice)

    def test_a_server_of_http1_where_http2_is_expected_is_definite(self):
        advice, definite = explain(8000, {"status": 0, "text": ""}, {"spoken": "HTTP/1.1"})
        self.assertEqual(definite, True)
        self.assertIn("speaks HTTP/1.1 on this port: set requests.protocol: http1", advice)


if __name__ == "__main__":
    unittest.main()
