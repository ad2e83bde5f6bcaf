"""The agent's side of the instance metadata service, against a server that counts its tokens."""
import http.server
import threading
import unittest

import agent_parts
from metadata import Metadata
from problem import Problem


class Handler(http.server.BaseHTTPRequestHandler):
    """Hands out numbered tokens and accepts only the last one; /absent does not exist."""

    given, asked = 0, []

    def do_PUT(self):
        Handler.given += 1
        Handler.asked.append(self.headers["X-aws-ec2-metadata-token-ttl-seconds"])
        self.answer(200, f"token-{Handler.given}")

    def do_GET(self):
        if self.headers["X-aws-ec2-metadata-token"] != f"token-{Handler.given}":
            return self.answer(401, "")
        self.answer(404 if self.path.endswith("/absent") else 200, "here\n")

    def answer(self, status, text):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


class InstanceMetadata(unittest.TestCase):
    def setUp(self):
        Handler.given, Handler.asked = 0, []
        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.metadata = Metadata()
        self.metadata.base = f"http://127.0.0.1:{server.server_port}/latest/"

    def test_one_token_serves_all_reads(self):
        self.assertEqual([self.metadata.read("instance-id") for _ in range(3)], ["here"] * 3)
        self.assertEqual(Handler.asked, ["21600"])

    def test_an_expired_token_is_replaced(self):
        self.metadata.read("instance-id")
        Handler.given = 7
        self.assertEqual(self.metadata.read("instance-id"), "here")
        self.assertEqual(self.metadata.token, "token-8")

    def test_a_path_that_does_not_exist(self):
        self.assertEqual(self.metadata.read("absent", "nothing"), "nothing")
        with self.assertRaisesRegex(Problem, r"did not return absent \(status 404\)"):
            self.metadata.read("absent")

    def test_a_service_that_does_not_answer(self):
        self.metadata.base = "http://127.0.0.1:1/latest/"
        with self.assertRaisesRegex(Problem, r"status 0") as raised:
            self.metadata.read("instance-id", "nothing")
        self.assertTrue(raised.exception.denied)


if __name__ == "__main__":
    unittest.main()
