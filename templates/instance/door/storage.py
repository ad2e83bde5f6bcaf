"""Caddy's storage, kept in the bucket: a machine that replaces another must order no new certificates."""
import io
import os
import tarfile
import time

from caddyconfig import STORAGE_FOLDER
from problem import Problem

# Seconds. A new role takes time to spread, and without the permission to list, S3 refuses to say that an object is not there.
PATIENCE = 120


class Storage:
    """saved: what the bucket has, as `look` sees it. asked: since when it was asked for without an answer."""

    def __init__(self, settings, aws):
        self.aws, self.bucket, self.key = aws, settings["bucket"], f"{settings['prefix']}/door/storage.tar"
        self.saved, self.asked = None, None

    def restore(self):
        """Before Caddy's first start on this machine. Raises Problem while the bucket does not say whether it has one.

        After two minutes of that Caddy starts without: a machine that serves nothing is worse than one that orders a certificate.
        """
        if os.path.isdir(STORAGE_FOLDER):
            return
        try:
            content = self.aws.s3("GET", self.bucket, self.key)
        except Problem as problem:
            self.asked = self.asked or time.monotonic()
            if "NoSuchKey" not in str(problem) and time.monotonic() < self.asked + PATIENCE:
                raise
            print(f"There are no certificates from before: {problem}", flush=True)
            content = None
        os.makedirs(STORAGE_FOLDER, mode=0o700)
        if content:
            with tarfile.open(fileobj=io.BytesIO(content)) as archive:
                archive.extractall(STORAGE_FOLDER, [one for one in archive.getmembers() if is_plain(one)])
            self.saved = self.look()

    def save(self):
        """Writes it when it has changed, except for Caddy's locks and its clock for cleaning up."""
        seen = self.look()
        if not seen or seen == self.saved:
            return
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            for path in sorted(seen):
                archive.add(os.path.join(STORAGE_FOLDER, path), path)
        # What changed meanwhile is written in the next round.
        self.aws.s3("PUT", self.bucket, self.key, packed.getvalue())
        self.saved = seen

    def look(self):
        """The time of each file's last change, by path."""
        found = {}
        for folder, _, names in os.walk(STORAGE_FOLDER):
            for path in (os.path.join(folder, name) for name in names):
                inside = os.path.relpath(path, STORAGE_FOLDER)
                if not inside.startswith("locks/") and inside != "last_clean.json" and not inside.endswith(".tmp"):
                    found[inside] = os.stat(path).st_mtime_ns
        return found


def is_plain(member):
    """A file or folder that stays inside."""
    return (member.isfile() or member.isdir()) and not member.name.startswith("/") and ".." not in member.name.split("/")
