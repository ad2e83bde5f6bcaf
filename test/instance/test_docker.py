"""Which version of Docker's API is spoken, and what its errors, messages and log streams mean."""
import io
import unittest

import agent_parts
from docker import Docker, log_lines, refusal_state
from docker_socket import DockerSocket
from problem import Problem

IMAGE = "registry/app@sha256:1"


class Versions(unittest.TestCase):
    def test_the_newest_tested_version_that_the_daemon_speaks(self):
        """Docker 20.10, 26, 28 and 29, and one whose oldest version is newer than what was tested."""
        for least, most, spoken in (("1.12", "1.41", "1.41"), ("1.24", "1.45", "1.45"), ("1.24", "1.50", "1.45"), ("1.44", "1.52", "1.45"), ("1.46", "1.60", "1.46")):
            daemon, docker = DockerSocket(self, least, most), Docker()
            self.assertTrue(docker.ready())
            self.assertIsNone(docker.inspect())
            docker.pull(IMAGE, dict, dict)
            self.assertEqual(docker.exposed(IMAGE), [3000])
            self.assertEqual(daemon.spoken, {spoken}, most)
            self.assertEqual(daemon.asked, [
                "GET /containers/infer-deploy-app/json", f"GET /images/{IMAGE}/json", "POST /images/create", f"GET /images/{IMAGE}/json"])

    def test_a_daemon_that_is_too_old_is_refused_at_once(self):
        DockerSocket(self, "1.12", "1.40")
        with self.assertRaises(Problem) as raised:
            Docker().inspect()
        self.assertIn("its API has version 1.40. Use a machine image with Docker 20.10 or newer.", str(raised.exception))
        self.assertTrue(raised.exception.definite)

    def test_a_daemon_of_another_version_than_before(self):
        docker = Docker()
        DockerSocket(self, "1.24", "1.45")
        docker.inspect()
        daemon = DockerSocket(self, "1.12", "1.41")
        with self.assertRaisesRegex(Problem, "client version 1.45 is too new"):
            docker.inspect()
        docker.inspect()
        self.assertEqual(daemon.spoken, {"1.41"})

    def test_no_daemon(self):
        agent_parts.replace(self, "DOCKER_SOCKET", "/nowhere/docker.sock")
        self.assertFalse(Docker().ready())
        self.assertEqual(Docker().log_tail("/ok"), [])
        with self.assertRaisesRegex(Problem, "No such file"):
            Docker().inspect()


class Pulls(unittest.TestCase):
    def setUp(self):
        self.daemon, self.noted = DockerSocket(self, "1.24", "1.45"), []

    def pull(self, *messages):
        self.daemon.pull = messages
        Docker().pull(IMAGE, dict, lambda: self)

    def note(self, message):
        self.noted.append(message)

    def test_an_error_in_either_form(self):
        for error in ({"error": "x: manifest unknown"}, {"errorDetail": {"message": "x: manifest unknown"}, "error": "x"}, {"errorDetail": {"message": "x: manifest unknown"}}):
            with self.assertRaisesRegex(Problem, "could not be pulled: x: manifest unknown") as raised:
                self.pull({"status": "Pulling from app"}, error)
            self.assertEqual((raised.exception.state, raised.exception.definite), ("image-missing", True))
        self.assertEqual(self.noted, [{"status": "Pulling from app"}] * 3)
        with self.assertRaises(Problem) as raised:
            self.pull({"errorDetail": {"message": "toomanyrequests: Rate exceeded"}})
        self.assertEqual((raised.exception.state, raised.exception.definite), ("failed", False))


class Refusals(unittest.TestCase):
    def test_refusals_of_registries(self):
        for error, state in {
            "manifest for x@sha256:0 not found: manifest unknown: Requested image not found": "image-missing",
            "name unknown: The repository with name 'x' does not exist in the registry": "image-missing",
            "pull access denied for x, repository does not exist or may require 'docker login': denied": "pull-denied",
            "no basic auth credentials": "pull-denied",
            "unexpected status 403 Forbidden": "pull-denied",
            "write /var/lib/docker/tmp/x: no space left on device": "failed",
        }.items():
            self.assertEqual(refusal_state(error), state, error)


class Logs(unittest.TestCase):
    def test_frames_are_joined_before_lines_are_cut(self):
        stream = b"\x01\0\0\0\0\0\0\x04one\n" + b"\x02\0\0\0\0\0\0\x03two" + b"\x01\0\0\0\0\0\0\x01\n"
        self.assertEqual(log_lines(io.BytesIO(stream), "/ok"), ["one", "two"])

    def test_last_forty_lines(self):
        text = "".join(f"{number}\n" for number in range(50)).encode()
        lines = log_lines(io.BytesIO(b"\x01\0\0\0" + len(text).to_bytes(4, "big") + text), "/ok")
        self.assertEqual((lines[0], lines[-1], len(lines)), ("10", "49", 40))

    def test_health_checks_do_not_hide_the_reason(self):
        checks = ['10.0.0.1 - "GET /ok HTTP/1.1" 301 Moved\n'] * 60 + ['10.0.0.9 "GET / HTTP/1.1" 301 "ELB-HealthChecker/2.0"\n'] * 20
        self.assertEqual(self.lines(["no weights\n", *checks]), ["no weights"])
        self.assertEqual(len(self.lines(checks)), 3)

    def lines(self, lines):
        text = "".join(lines).encode()
        return log_lines(io.BytesIO(b"\x01\0\0\0" + len(text).to_bytes(4, "big") + text), "/ok")

    def test_of_a_long_stream_only_the_end_is_kept(self):
        frame = b"\x01\0\0\0" + (2**20).to_bytes(4, "big") + b"x" * (2**20 - 1) + b"\n"
        lines = log_lines(io.BytesIO(frame * 3 + b"\x01\0\0\0\0\0\0\x04end\n"), "/ok")
        self.assertEqual((lines[-1], len(lines[-2])), ("end", 500))


if __name__ == "__main__":
    unittest.main()
