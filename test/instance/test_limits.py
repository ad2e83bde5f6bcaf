"""What a program's last words say about the container's limits."""
import unittest

import agent_parts
from limits import blame_limit


class Limits(unittest.TestCase):
    def test_words_of_programs(self):
        """Python, Node, nginx, a shell, setpriv, gosu, chown, sudo, Numba, a linker, PyTorch, a disk, tini."""
        for line, *expected in (
            ("OSError: [Errno 30] Read-only file system: '/home/app/.cache'", "/home/app/.cache", "Add /home/app/.cache to container.writable"),
            ("Error: EROFS: read-only file system, mkdir '/app/.cache'", "/app/.cache", "Add /app/.cache to container.writable"),
            ("sh: 1: cannot create /var/run/x.pid: Read-only file system", "/var/run/x.pid", "Add /var/run to container.writable"),
            ("/bin/sh: 3: /tmp/tool: Permission denied", "/tmp/tool", "container.tmp.exec: true"),
            ("PermissionError: [Errno 13] Permission denied: '/data/model'", "/data/model", "Add /data/model to container.writable", "permissions of files"),
            ('mkdir() "/var/cache/nginx/client_temp" failed (30: Read-only file system)', "Add /var/cache/nginx/client_temp to container.writable"),
            ("RuntimeError: cannot cache function 'pitch': no locator available for file '/usr/lib/python3/pitch.py'", "/usr/lib/python3/pitch.py", "NUMBA_CACHE_DIR"),
            ("ImportError: /tmp/torchinductor_root/ab.so: failed to map segment from shared object", "/tmp/torchinductor_root/ab.so", "container.tmp.exec: true"),
            ('sudo: The "no new privileges" flag is set, which prevents sudo from running as root.', "container.user"),
            ("chown: changing ownership of '/data': Operation not permitted", "/data", "CHOWN"),
            ("setpriv: setresuid failed: Operation not permitted", "A limit of the container", "container.capabilities: [SETUID, SETGID]"),
            ('error: failed switching to "app": operation not permitted', "A limit of the container", "container.capabilities: [SETUID, SETGID]"),
            ("RuntimeError: unable to write to file </torch_1_2>: No space left on device (28)", "/torch_1_2", "/dev/shm (64 MB, container.shm)"),
            ("OSError: [Errno 28] No space left on device: '/dev/shm/x'", "/dev/shm/x: /dev/shm has 64 MB. Set container.shm."),
            ("Bus error (core dumped)", "/dev/shm has 64 MB"),
            ("[FATAL tini (7)] exec /usr/bin/python3 failed: Exec format error", "/usr/bin/python3", "image.platform", "#!/bin/sh"),
            ("cp: error writing '/tmp/x': No space left on device", "/tmp/x", "container.tmp.size"),
        ):
            for words in expected:
                self.assertIn(words, blame_limit(["start", line, "exit"]), line)

    def test_the_last_words_count(self):
        lines = ["mkdir /a: read-only file system", "rm: /b: Operation not permitted"]
        self.assertIn("/b", blame_limit(lines))

    def test_shared_memory_of_the_release(self):
        self.assertIn("/dev/shm has 128 MB.", blame_limit(["Bus error"], 128))
        self.assertIn("/dev/shm has a quarter of its memory.", blame_limit(["Bus error"], None))

    def test_other_words(self):
        for line in ("no weights found", "ValueError: /app/model.bin has a wrong size", "permissions are checked at https://example.com/a", ""):
            self.assertEqual(blame_limit([line]), "", line)
        self.assertEqual(blame_limit([]), "")


if __name__ == "__main__":
    unittest.main()
