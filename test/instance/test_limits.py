"""What a program's last words say about the container's limits."""
import unittest

import agent_parts
from limits import blame_limit


class Limits(unittest.TestCase):
    def test_words_of_programs(self):
        """Python, Node, a shell, setpriv, gosu, chown, PyTorch, a disk, a kernel."""
        for line, *expected in (
            ("OSError: [Errno 30] Read-only file system: '/home/app/.cache'", "/home/app/.cache", "read-only except for /tmp"),
            ("Error: EROFS: read-only file system, mkdir '/app/.cache'", "/app/.cache", "read-only except for /tmp"),
            ("sh: 1: cannot create /var/run/x.pid: Read-only file system", "/var/run/x.pid", "read-only except for /tmp"),
            ("/bin/sh: 3: /tmp/tool: Permission denied", "/tmp/tool", "noexec"),
            ("PermissionError: [Errno 13] Permission denied: '/data/model'", "/data/model", "permissions of files"),
            ("chown: changing ownership of '/data': Operation not permitted", "/data", "Set USER in the Dockerfile"),
            ("setpriv: setresuid failed: Operation not permitted", "A limit of the container", "Set USER in the Dockerfile"),
            ('error: failed switching to "app": operation not permitted', "A limit of the container", "Set USER in the Dockerfile"),
            ("RuntimeError: unable to write to file </torch_1_2>: No space left on device (28)", "/torch_1_2", "/dev/shm has 64 MB"),
            ("OSError: [Errno 28] No space left on device: '/dev/shm/x'", "/dev/shm/x: /dev/shm has 64 MB."),
            ("Bus error (core dumped)", "/dev/shm has 64 MB"),
            ("cp: error writing '/tmp/x': No space left on device", "/tmp/x", "memory of the container"),
        ):
            for words in expected:
                self.assertIn(words, blame_limit(["start", line, "exit"]), line)

    def test_the_last_words_count(self):
        lines = ["mkdir /a: read-only file system", "rm: /b: Operation not permitted"]
        self.assertIn("/b", blame_limit(lines))

    def test_other_words(self):
        for line in ("no weights found", "ValueError: /app/model.bin has a wrong size", "permissions are checked at https://example.com/a", ""):
            self.assertEqual(blame_limit([line]), "", line)
        self.assertEqual(blame_limit([]), "")


if __name__ == "__main__":
    unittest.main()
