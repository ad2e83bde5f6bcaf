"""Weights against a real server: ranges, resumption, what was changed, and what stays on the disk."""
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

import agent_parts
import files
from file_server import FileServer, etag
from problem import Problem
from weights import Weights, prune, release_weights, set_folder

LARGE, SMALL = os.urandom(1000), b"{}"


class Aws:
    """Signs nothing: a bucket is a folder of the server."""

    def __init__(self, server):
        self.server = server

    def s3_address(self, bucket, key, version, headers):
        return f"{self.server.url}/{bucket}/{key}" + (f"?versionId={version}" if version else ""), headers


class Fetches(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        agent_parts.replace(self, "WEIGHTS_FOLDER", folder.name)
        for name, value in (("PIECE_BYTES", 64), ("BLOCK_BYTES", 16), ("TRIES", 2), ("IDLE_SECONDS", 2), ("WAIT_SECONDS", 0.02), ("FETCH_REPORT_SECONDS", 0.0)):
            agent_parts.replace(self, name, value)
        self.server = FileServer(self, {"/b/m/large.bin": LARGE, "/b/m/sub/config.json": SMALL})
        self.reports = []

    def model(self, **changes):
        files = [self.file("large.bin", LARGE), self.file("sub/config.json", SMALL)]
        return {"source": "s3://b/m", "path": "/model", "bucket": "b", "files": files, **changes}

    def file(self, name, content, **more):
        return {"name": name, "from": f"m/{name}", "size": len(content), "etag": etag(content), **more}

    def fetch(self, model, running=None, goes_on=lambda: True, token=None, agent=None):
        agent = agent or Weights(Aws(self.server))
        agent.begin(model, token, running)
        return agent.wait(lambda *seen: self.reports.append(seen), goes_on)

    def read(self, model, name):
        return pathlib.Path(set_folder(model), name).read_bytes()

    def refuse(self, model, words, definite=True, **more):
        with self.assertRaises(Problem) as caught:
            self.fetch(model, **more)
        self.assertEqual((caught.exception.state, caught.exception.definite), ("model-failed", definite), caught.exception)
        self.assertIn(words, str(caught.exception))
        return caught.exception

    def test_files_in_ranges(self):
        model = self.model()
        self.assertTrue(self.fetch(model))
        self.assertEqual((self.read(model, "large.bin"), self.read(model, "sub/config.json")), (LARGE, SMALL))
        ranges = [range_ for path, range_, _ in self.server.asked if path.endswith("large.bin")]
        self.assertEqual(len(ranges), 16)
        self.assertIn("bytes=960-999", ranges)
        self.assertEqual(os.stat(self.folder / "sets").st_mode & 0o005, 0o005)
        self.assertEqual(sorted(path.suffix for path in (self.folder / "blobs").iterdir()), ["", ""])

    def test_what_is_here_is_not_asked_for_again(self):
        model = self.model()
        self.fetch(model)
        self.server.asked.clear()
        self.assertTrue(self.fetch(model))
        other = self.model(files=[self.file("large.bin", LARGE), self.file("new.json", b"[]")])
        self.server.files["/b/m/new.json"] = b"[]"
        self.assertTrue(self.fetch(other, running=model))
        self.assertEqual({path for path, _, _ in self.server.asked}, {"/b/m/new.json"})
        self.assertEqual(self.read(other, "large.bin"), LARGE)

    def test_a_killed_fetch_goes_on_where_it_was(self):
        model = self.model()
        self.server.most = 500
        self.refuse(model, "large.bin", definite=False)
        [notes] = [path for path in (self.folder / "blobs").glob("*.json")]
        done = notes.read_text().split('"have": "')[1].count("1")
        self.assertGreater(done, 2)
        self.server.most = None
        self.server.asked.clear()
        self.assertTrue(self.fetch(model))
        self.assertEqual(self.read(model, "large.bin"), LARGE)
        self.assertEqual(len([1 for path, _, _ in self.server.asked if path.endswith("large.bin")]), 16 - done)

    def test_a_killed_process_goes_on_where_it_was(self):
        content, self.server.pause = os.urandom(2**20), 0.05
        self.server.files["/a"] = content
        program = f"""
import sys, transfer
transfer.PIECE_BYTES, transfer.SAVE_SECONDS = 2**15, 0.05
file = {{"name": "a", "size": {len(content)}, "blob": "a"}}
fetch = transfer.Transfer(sys.argv[1], [file], lambda _, headers: ("{self.server.url}/a", headers))
fetch.run()
print(fetch.received)
"""
        command = [sys.executable, "-B", "-c", program, str(self.folder)]
        environment = {**os.environ, "PYTHONPATH": str(agent_parts.FOLDER)}
        notes, have = self.folder / "a.json", 0
        with subprocess.Popen(command, env=environment) as killed:
            while have < 4:
                time.sleep(0.01)
                have = files.read_json(notes).get("have", "").count("1")
            killed.kill()
        have = files.read_json(notes)["have"].count("1")
        self.assertLess(have, 32)
        self.server.asked.clear()
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        self.assertEqual(int(done.stdout), (32 - have) * 2**15)
        self.assertEqual(len(self.server.asked), 32 - have)
        self.assertEqual((self.folder / "a").read_bytes(), content)

    def test_a_server_without_ranges(self):
        self.server.ranges = False
        model = self.model()
        self.assertTrue(self.fetch(model))
        self.assertEqual(self.read(model, "large.bin"), LARGE)

    def test_a_right_and_a_wrong_hash(self):
        right = self.model(files=[self.file("large.bin", LARGE, sha256=hashlib.sha256(LARGE).hexdigest())])
        self.assertTrue(self.fetch(right))
        git = hashlib.sha1(b"blob 1000\0" + LARGE).hexdigest()
        self.assertTrue(self.fetch(self.model(files=[self.file("large.bin", LARGE, git_sha1=git)])))
        wrong, agent = self.model(files=[self.file("large.bin", LARGE, sha256="0" * 64)]), Weights(Aws(self.server))
        self.refuse(wrong, "Correct model.sha256", agent=agent)
        self.assertFalse(os.path.exists(set_folder(wrong)))
        self.assertEqual(list((self.folder / "blobs").glob("sha256-000*")), [])
        self.server.asked.clear()
        self.refuse(wrong, "s3://b/m: large.bin has the SHA-256", agent=agent)
        self.assertEqual(self.server.asked, [])

    def test_changed_under_its_name(self):
        model = self.model()
        self.server.files["/b/m/large.bin"] = LARGE[::-1]
        self.refuse(model, "large.bin has changed under its name")
        self.server.files["/b/m/large.bin"] = LARGE + b"1"
        self.refuse(self.model(files=[{**self.file("large.bin", LARGE), "etag": None}]), "changed under its name")

    def test_gone_and_denied(self):
        model = self.model()
        self.server.statuses["/b/m/large.bin"] = 403
        self.assertTrue(self.refuse(model, "infer-deploy up lets the instances read", definite=False).denied)
        del self.server.statuses["/b/m/large.bin"], self.server.files["/b/m/large.bin"]
        self.refuse(model, "It is gone since the release was made")

    def test_larger_than_the_disk_is_known_before(self):
        self.refuse(self.model(files=[{**self.file("large.bin", LARGE), "size": 2**50}]), "Raise instances.disk")
        self.assertEqual(self.server.asked, [])

    def test_a_token_stays_with_its_host(self):
        other = FileServer(self, {"/cdn": LARGE})
        self.server.moved["/hub"] = f"{other.url.replace('127.0.0.1', 'localhost')}/cdn"
        file = {"name": "large.bin", "from": f"{self.server.url}/hub", "size": 1000, "etag": etag(LARGE)}
        model = {"source": "hf://a/b", "path": "/model", "token": "T", "files": [file]}
        self.assertTrue(self.fetch(model, token="secret"))
        self.assertEqual({authorization for _, _, authorization in self.server.asked}, {"Bearer secret"})
        self.assertEqual({authorization for _, _, authorization in other.asked}, {None})
        self.server.moved["/hub"] = "/hub"
        self.refuse({**model, "files": [{**file, "size": 999}]}, "without an end")

    def test_another_release_ends_the_wait_and_keeps_what_came(self):
        self.server.most = 300
        agent_parts.replace(self, "TRIES", 50)
        self.assertFalse(self.fetch(self.model(), goes_on=lambda: self.server.sent < 300))
        self.assertEqual(len(list((self.folder / "blobs").glob("*.part"))), 2)

    def test_progress(self):
        self.server.most = 500
        self.refuse(self.model(), "", definite=False)
        percents = [percent for percent, _, _ in self.reports]
        self.assertTrue(percents and max(percents) <= 50 and percents == sorted(percents), percents)

    def test_what_no_release_uses_is_removed(self):
        first = self.model()
        second = self.model(files=[self.file("sub/config.json", SMALL)])
        third = self.model(files=[self.file("new.json", b"[]")])
        self.server.files["/b/m/new.json"] = b"[]"
        self.fetch(first)
        self.fetch(second, running=first)
        self.assertTrue(os.path.exists(set_folder(first)))
        release_weights([second, first])
        self.fetch(third, running=second)
        self.assertFalse(os.path.exists(set_folder(first)))
        release_weights([third, None])
        self.assertEqual([os.path.exists(set_folder(model)) for model in (first, second, third)], [False, False, True])
        self.assertEqual(len(list((self.folder / "blobs").iterdir())), 1)

    def test_the_other_slots_weights_stay(self):
        model = self.model()
        agent_parts.replace(self, "SLOT", "-blue")
        self.fetch(model)
        agent_parts.replace(self, "SLOT", "-green")
        prune([])
        self.assertTrue(os.path.exists(set_folder(model)))


if __name__ == "__main__":
    unittest.main()
