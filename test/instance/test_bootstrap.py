"""What user data runs: the files of the bundle, and nothing of another content."""
import hashlib
import json
import pathlib
import tempfile
import unittest

import agent_parts
from bootstrap import fetch_bundle, main_bootstrap, write_bundle
from problem import Problem


class Bucket:
    """`content`: of the object, or what reading it raises."""

    def __init__(self, content):
        self.content, self.asked = content, []

    def s3(self, *call):
        self.asked.append(call)
        if isinstance(self.content, Exception):
            raise self.content
        return self.content


class Bootstrap(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.files = [{"path": str(self.folder / "deep" / "program"), "permissions": "0755", "content": "text é"}]
        self.content = json.dumps({"files": self.files}).encode()
        self.settings = {"bucket": "b", "bundle": {"key": "k", "sha256": hashlib.sha256(self.content).hexdigest()}}

    def test_the_files_are_written_with_their_rights(self):
        bucket = Bucket(self.content)
        write_bundle(fetch_bundle(self.settings, bucket))
        self.assertEqual(bucket.asked, [("GET", "b", "k")])
        made = self.folder / "deep" / "program"
        self.assertEqual((made.read_text(encoding="utf-8"), oct(made.stat().st_mode & 0o777)), ("text é", "0o755"))

    def test_another_content_is_refused(self):
        with self.assertRaisesRegex(ValueError, "its SHA-256 is"):
            fetch_bundle(self.settings, Bucket(self.content + b" "))

    def test_a_bucket_that_refuses_is_in_the_boot_log_and_ends_the_boot(self):
        log = self.folder / "boot.log"
        agent_parts.replace(self, "BOOT_LOG", str(log))
        agent_parts.replace(self, "BUNDLE_SECONDS", -1)
        agent_parts.replace(self, "read_json", lambda _: self.settings)
        agent_parts.replace(self, "Metadata", lambda: None)
        agent_parts.replace(self, "SteadyAws", lambda *_: Bucket(Problem("S3 GET b/k: AccessDenied no")))
        self.assertEqual(main_bootstrap(), 1)
        self.assertRegex(log.read_text(), r"k could not be read: S3 GET b/k: AccessDenied no\n.* boot failed\n")


if __name__ == "__main__":
    unittest.main()
