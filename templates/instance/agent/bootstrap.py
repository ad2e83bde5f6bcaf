#!/usr/bin/env python3
"""Fetches the files of an instance from the state bucket and boots it: EC2's 16 KB of user data are too few for all of them.

instance.json's `bundle` names the object, whose content is {"files": [{"path", "permissions", "content"}]}, and its SHA-256.
Needs Python's standard library only.
"""
import hashlib
import json
import os
import subprocess
import sys
import time

from clock import SteadyAws
from files import BOOT_LOG, SETTINGS_FILE, read_json
from metadata import Metadata
from problem import Problem

# A new role takes some time to spread.
BUNDLE_SECONDS = 120


def main_bootstrap():
    settings = read_json(SETTINGS_FILE)
    aws = SteadyAws(settings, Metadata(), os.environ.get("AWS_ENDPOINT_URL", ""))
    ends = time.monotonic() + BUNDLE_SECONDS
    while True:
        try:
            write_bundle(fetch_bundle(settings, aws))
            break
        except (OSError, Problem, ValueError, LookupError) as error:
            note(f"{settings['bundle']['key']} could not be read: {error}")
            if time.monotonic() > ends:
                note("boot failed")
                return 1
            time.sleep(3)
    return subprocess.run(["/opt/infer-deploy/boot"]).returncode


def fetch_bundle(settings, aws):
    """The bundle's files. Raises ValueError for another content than Terraform has written."""
    content = aws.s3("GET", settings["bucket"], settings["bundle"]["key"])
    found = hashlib.sha256(content).hexdigest()
    if found != settings["bundle"]["sha256"]:
        raise ValueError(f"its SHA-256 is {found}")
    return json.loads(content)["files"]


def write_bundle(files):
    for file in files:
        os.makedirs(os.path.dirname(file["path"]), exist_ok=True)
        new = os.open(file["path"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(new, "w", encoding="utf-8") as opened_file:
            opened_file.write(file["content"])
        os.chmod(file["path"], int(file["permissions"], 8))


def note(text):
    line = f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {text}"
    print(line, flush=True)
    with open(BOOT_LOG, "a", encoding="utf-8") as file:
        file.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main_bootstrap())
