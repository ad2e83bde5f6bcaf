"""What Docker's errors and log streams mean."""
import unittest

import agent_parts
from docker import log_lines, refusal_state


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
        self.assertEqual(log_lines(stream), ["one", "two"])

    def test_last_forty_lines(self):
        text = "".join(f"{number}\n" for number in range(50)).encode()
        lines = log_lines(b"\x01\0\0\0" + len(text).to_bytes(4, "big") + text)
        self.assertEqual((lines[0], lines[-1], len(lines)), ("10", "49", 40))


if __name__ == "__main__":
    unittest.main()
