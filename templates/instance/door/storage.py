"""Caddy's storage, kept in the bucket: a machine that replaces another must order no new certificates."""
import glob
import io
import os
import shutil
import ssl
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
            unpack(content)
            self.saved = self.look()

    def save(self):
        """Writes it when it has changed, except for Caddy's locks and its clock for cleaning up."""
        seen = self.look()
        if not seen or seen == self.saved or torn_folders():
            return
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            for path in sorted(seen):
                archive.add(os.path.join(STORAGE_FOLDER, path), path)
        # What changed meanwhile is written in the next round.
        self.aws.s3("PUT", self.bucket, self.key, packed.getvalue())
        self.saved = seen

    def mend(self):
        """Brings certificates back from the bucket whose key is another's, with which Caddy does not start. False if there are none.

        Caddy writes key and certificate one after the other, and may be killed in between. Raises Problem.
        """
        torn = torn_folders()
        if not torn:
            return False
        print(f"Caddy was stopped while it wrote {', '.join(torn)}: back to what was saved.", flush=True)
        content = self.ask()
        for folder in torn:
            shutil.rmtree(os.path.join(STORAGE_FOLDER, folder))
        if content:
            unpack(content, tuple(f"{folder}/" for folder in torn))
        return True

    def ask(self):
        """What the bucket has, or None. Raises Problem if the bucket does not say."""
        try:
            return self.aws.s3("GET", self.bucket, self.key)
        except Problem as problem:
            if "NoSuchKey" in str(problem):
                return None
            raise

    def look(self):
        """The time of each file's last change, by path."""
        found = {}
        for folder, _, names in os.walk(STORAGE_FOLDER):
            for path in (os.path.join(folder, name) for name in names):
                inside = os.path.relpath(path, STORAGE_FOLDER)
                if not inside.startswith("locks/") and inside != "last_clean.json" and not inside.endswith(".tmp"):
                    found[inside] = os.stat(path).st_mtime_ns
        return found


def torn_folders():
    """Folders of certificates, inside the storage, whose key does not belong to the certificate or cannot be read."""
    found = []
    for certificate in glob.glob(f"{STORAGE_FOLDER}/certificates/*/*/*.crt"):
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, f"{certificate[:-4]}.key")
        except (OSError, ssl.SSLError):
            found.append(os.path.relpath(os.path.dirname(certificate), STORAGE_FOLDER))
    return found


def unpack(content, only=("",)):
    """What is in one of the folders `only`, with the owner that the storage has."""
    owner = os.stat(STORAGE_FOLDER)
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive.getmembers():
            if is_plain(member) and member.name.startswith(only):
                member.uid, member.gid, member.uname, member.gname = owner.st_uid, owner.st_gid, "", ""
                archive.extract(member, STORAGE_FOLDER)


def is_plain(member):
    """A file or folder that stays inside."""
    return (member.isfile() or member.isdir()) and not member.name.startswith("/") and ".." not in member.name.split("/")
