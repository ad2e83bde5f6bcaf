"""What to change when a container runs and is not healthy."""
import socket
import unittest

import agent_parts
from advice import explain, refuses


class Silence(unittest.TestCase):
    loopback = "0: 0100007F:1F90 00000000:0000 0A"
    everywhere = "0: 00000000:{:04X} 00000000:0000 0A"
    six = "0: {}:1F90 00000000000000000000000000000000:0000 0A"

    def explain(self, port, tables, exposed, refused=False):
        return [*explain(port, {"status": 0}, {"tables": tables, "exposed": exposed, "refused": refused})]

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
            self.assertEqual(self.explain(8080, tables, [3000, 3001]), expected, tables)

    def test_a_socket_for_ipv6_only(self):
        """The table does not say whether [::] takes IPv4 too; a refused connection does."""
        six = self.six.format("0" * 32)
        only = [" The container listens on port 8080 of [::] for IPv6 only; it must listen on 0.0.0.0.", True]
        self.assertEqual(self.explain(8080, six, [], refused=True), only)
        self.assertEqual(self.explain(8080, six, [], refused=False), ["", False])
        self.assertEqual(self.explain(8080, six + "\n" + self.everywhere.format(8080), [], refused=True), ["", False])

    def test_an_image_that_exposes_the_configured_port_too_may_open_it_later(self):
        """As Triton does: 8000, 8001, and 8002 for metrics."""
        found = self.explain(8000, self.everywhere.format(8002), [8000, 8001, 8002])
        self.assertEqual(found, [" The container listens on port 8002 instead.", False])

    def test_a_port_refuses_when_nothing_listens_for_ipv4(self):
        container = {"NetworkSettings": {"Networks": {"bridge": {"IPAddress": "127.0.0.1"}}}}
        with socket.socket(socket.AF_INET) as listener:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
            self.assertTrue(refuses(container, port))
            listener.listen()
            self.assertFalse(refuses(container, port))
        self.assertFalse(refuses(None, port))


class Answers(unittest.TestCase):
    def explain(self, status, location="", body="", found=None):
        return explain(8080, {"status": status, "location": location, "body": body}, found or {})

    def test_which_answers_waiting_cannot_change(self):
        definite = [status for status in (302, 400, 401, 403, 404, 405, 429, 500, 503) if self.explain(status)[1]]
        self.assertEqual(definite, [401, 403, 404, 405])
        self.assertEqual(explain(8080, {"status": None}, {}), ("", False))
        self.assertIn("health.path", self.explain(404)[0])

    def test_a_redirect_to_https(self):
        for status in (301, 302, 307, 308):
            words, definite = self.explain(status, "https://api.example.com/ok")
            self.assertTrue(definite)
            self.assertIn("X-Forwarded-Proto", words)
        words, definite = self.explain(302, "/login")
        self.assertEqual((words, definite), (" Set health.path to a path that answers GET with 2xx and no redirect.", False))

    def test_a_host_that_is_refused(self):
        """Django, Starlette, Rails; and an application that does not give its reason, but refuses every path."""
        for status, body in ((400, "Invalid HTTP_HOST header: '10.0.0.1'"), (400, "Invalid host header"), (403, "Blocked hosts: 10.0.0.1:8080")):
            words, definite = self.explain(status, body=body)
            self.assertTrue(definite, body)
            self.assertIn("as Host", words)
        self.assertTrue(self.explain(400, body="Bad Request", found={"any_path": True})[1])

    def test_a_model_server_that_answers_400_while_it_loads(self):
        self.assertEqual(self.explain(400, body='{"error": "model is not ready"}', found={"any_path": False}), ("", False))

    def test_a_port_that_speaks_https(self):
        """Go's words, and nginx's."""
        for body in ("Client sent an HTTP request to an HTTPS server.", "The plain HTTP request was sent to HTTPS port"):
            words, definite = self.explain(400, body=body, found={"any_path": True})
            self.assertEqual((words, definite), (" The container speaks HTTPS on this port; it must speak plain HTTP.", True))


if __name__ == "__main__":
    unittest.main()
