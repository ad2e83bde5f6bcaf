"""The versions of secrets that a release has, and the files that its container reads."""
import json
import os
import pathlib
import stat
import tempfile
import unittest

import agent_parts
from fetch import fetch_release
from files import write_secrets

ARN = "arn:aws:secretsmanager:eu-central-1:1:secret:infer-deploy/app/production"


class Vault:
    """Holds a release record and the values of versions."""

    endpoint = ""

    def __init__(self, secrets, values):
        container = {"port": 8080, "health": {"path": "/ok", "timeout_seconds": 60}, "memory_mb": 64, "env": {}, "secrets": secrets, "log_group": "/app"}
        self.record, self.values = {"release": 1, "version": "v1", "image": "registry/app@sha256:1", "container": container}, values

    def s3(self, method, bucket, key):
        return json.dumps(self.record)

    def call(self, service, target, payload):
        return {"SecretString": self.values[payload["SecretId"], payload["VersionId"]]}


EMPTY = {"user": 0, "group": 0, "home": "", "variables": {}, "is_small": True, "kinds": {}, "hidden": ""}


class Docker:
    def pull(self, image, login, progress):
        pass

    def exposed(self, image):
        return []


class Versions(unittest.TestCase):
    def fetch(self, secrets, values):
        settings = {"bucket": "b", "region": "eu-central-1", "colour": "blue"}
        agent_parts.replace(self, "look_inside", lambda *_: EMPTY)
        return fetch_release({"record": "r", "image": "registry/app@sha256:1"}, settings, "i-1", Vault(secrets, values), Docker(), print, lambda *_: None)

    def test_each_is_delivered_in_its_own_version_and_its_own_way(self):
        secrets = {"KEY": {"arn": f"{ARN}/KEY-1", "version": "old", "as": "file"}, "TOKEN": {"arn": f"{ARN}/TOKEN-2", "version": "2", "as": "env"}}
        values = {(f"{ARN}/KEY-1", "old"): "first", (f"{ARN}/KEY-1", "new"): "second", (f"{ARN}/TOKEN-2", "2"): "t"}
        wanted = self.fetch(secrets, values)
        self.assertEqual(wanted["secret_files"], {"KEY": "first"})
        self.assertIn("TOKEN=t", wanted["config"]["Env"])
        self.assertNotIn("first", str(wanted["config"]))


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name, "secrets")

    def test_only_the_owner_reads_them(self):
        write_secrets(self.folder, {"KEY": "two\r\nlines\n"}, 65532)
        about = os.stat(self.folder / "KEY")
        self.assertEqual((stat.S_IMODE(about.st_mode), about.st_uid), (0o400, 65532))
        self.assertEqual((self.folder / "KEY").read_bytes(), b"two\r\nlines\n")
        self.assertEqual(stat.S_IMODE(os.stat(self.folder).st_mode), 0o755)

    def test_those_of_another_release_are_gone(self):
        write_secrets(self.folder, {"OLD": "1", "KEY": "1"}, 0)
        write_secrets(self.folder, {"KEY": "2"}, 0)
        self.assertEqual({path.name: path.read_text() for path in self.folder.iterdir()}, {"KEY": "2"})


if __name__ == "__main__":
    unittest.main()
