"""The instance's files, and how they are read and written."""
import json
import os
import shutil

# On a single machine each slot has its own: "-blue" or "-green", from the unit. A fleet's instance has none.
SLOT = os.environ.get("SLOT", "")
SETTINGS_FILE = "/etc/infer-deploy/instance.json"
BOOT_LOG = "/var/log/infer-deploy-boot.log"
BOOT_FAILED, BOOT_OVER = "/run/infer-deploy/boot-failed", "/run/infer-deploy/boot-over"
# In /run, because after a reboot nothing may run until the pointer has been read. It holds secrets, and Docker writes them
# to /var/lib/docker/containers/ID/config.v2.json too, on the encrypted disk, for root only.
CONTAINER_FILE = f"/run/infer-deploy{SLOT}/container.json"
EXIT_FILE = f"/run/infer-deploy{SLOT}/exit.json"
# The command of release.before that this instance runs, and its end.
BEFORE_FILE = f"/run/infer-deploy{SLOT}/before.json"
BEFORE_END_FILE = f"/run/infer-deploy{SLOT}/before-end.json"
# In memory too. The container sees it as /run/secrets.
SECRETS_FOLDER = f"/run/infer-deploy{SLOT}/secrets"


def read_json(path):
    """{} when the file is missing or is not JSON."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (FileNotFoundError, ValueError):
        return {}


def write_json(path, document):
    """Replaces the file in one step, and makes it readable by root only."""
    with open(os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(document, file)
    os.replace(path + ".new", path)


def write_secrets(folder, values, owner):
    """Makes the folder again, with a file for each value that only `owner` can read: a user's number."""
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder, 0o755)
    for name, value in values.items():
        with open(os.open(f"{folder}/{name}", os.O_WRONLY | os.O_CREAT, 0o400), "wb") as file:
            file.write(value.encode())
        os.chown(f"{folder}/{name}", owner, -1)


def last_lines(path, count=40):
    """[] when the file cannot be read; `count` 0: all lines."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return [line.rstrip()[:500] for line in file][-count:]
    except OSError:
        return []
