"""The model's weights, which are not in the image: fetched next to the pull into the cache, checked, and shared by the releases that name them.

    weights/blobs/     files by their content
    weights/sets/ID/   what a container sees at model.path: hard links to blobs
    weights/keep.json  the sets to keep, with their blobs; on one machine each slot has its own
"""
import fcntl
import glob
import hashlib
import json
import os
import shutil
import threading
import time

from files import SLOT, read_json, write_json
from folders import CACHE_FOLDER
from problem import Problem
from transfer import Transfer, blob_name

# What stays free of the disk, for logs and the system.
SPARE_BYTES = 2**29
WAIT_SECONDS, FETCH_REPORT_SECONDS = 0.5, 3
# What is definitely wrong is not fetched again at once: it may be large.
WRONG_SECONDS = 600
WEIGHTS_FOLDER = f"{CACHE_FOLDER}/weights"


class Weights:
    """One model at a time is on its way, in a thread. wrong: by set, the Problem that ended it, and until when it counts."""

    def __init__(self, aws):
        self.aws, self.wanted, self.thread, self.transfer, self.error, self.wrong = aws, None, None, None, None, {}
        self.seen = (0.0, 0)

    def begin(self, model, token, running):
        """Starts to fetch what is not here. `running`: the model of the running release, or None."""
        if not model:
            return self.cancel()
        wanted = set_name(model)
        problem, until = self.wrong.get(wanted, (None, 0.0))
        if time.monotonic() < until:
            raise problem
        if self.thread and self.wanted == wanted and self.thread.is_alive():
            return None
        self.cancel()
        self.wanted, self.error, self.transfer = wanted, None, None
        self.thread = threading.Thread(target=self.work, args=(model, token, running), daemon=True)
        self.thread.start()
        return None

    def work(self, model, token, running):
        try:
            os.makedirs(f"{WEIGHTS_FOLDER}/blobs", exist_ok=True)
            os.makedirs(f"{WEIGHTS_FOLDER}/sets", exist_ok=True)
            # The other slot of one machine may need the same files.
            with open(f"{WEIGHTS_FOLDER}/lock", "a", encoding="utf-8") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                prune([model, running])
                self.fetch(model, token)
        except Problem as problem:
            words = f"{model['source']}: {problem}{self.advice(model, problem)}"
            self.error = Problem(words, problem.state, problem.denied, problem.definite)
            if problem.definite:
                self.wrong[set_name(model)] = (self.error, time.monotonic() + WRONG_SECONDS)
        except OSError as error:
            self.error = Problem(f"{model['source']} could not be kept on the disk: {error}", "model-failed")

    def fetch(self, model, token):
        folder = set_folder(model)
        if os.path.isdir(folder):
            return
        blobs = f"{WEIGHTS_FOLDER}/blobs"
        files = [{**file, "blob": blob_name(model["source"], file)} for file in model["files"]]
        missing = list({file["blob"]: file for file in files if not os.path.exists(f"{blobs}/{file['blob']}")}.values())
        require_room(blobs, missing)
        self.seen = (time.monotonic(), 0)
        self.transfer = Transfer(blobs, missing, lambda file, headers: self.place(model, token, file, headers))
        self.transfer.run()
        here, seconds = self.transfer.received, time.monotonic() - self.transfer.began
        print(f"The model's weights are here: {megabytes(here)} of {megabytes(self.transfer.total)} MB were fetched, in {seconds:.1f} s.", flush=True)
        link(files, blobs, folder)

    def place(self, model, token, file, headers):
        """Where a file is, and the headers to send."""
        if "bucket" not in model:
            return file["from"], {**headers, **({"authorization": f"Bearer {token}"} if token else {})}
        headers = {**headers, **({"if-match": file["etag"]} if file.get("etag") else {})}
        return self.aws.s3_address(model["bucket"], file["from"], file.get("version"), headers)

    def advice(self, model, problem):
        if "SHA-256" in str(problem):
            return " Correct model.sha256, or the file."
        if problem.denied and "bucket" in model:
            return " infer-deploy up lets the instances read what model.source names; the bucket's own policy and its KMS key must allow it too."
        if problem.denied:
            return " Set model.token to a secret with a token that may read it." if not model.get("token") else f" Look at the secret {model['token']}, which model.token names."
        if "changed under" in str(problem):
            return " Release again to take what is there now."
        return ""

    def cancel(self):
        """What has come stays, for the next time."""
        if self.thread and self.thread.is_alive():
            while self.thread.is_alive():
                if self.transfer:
                    self.transfer.stop()
                self.thread.join(0.2)
        self.thread = self.wanted = self.error = self.transfer = None

    def wait(self, report, goes_on):
        """Whether the weights are here: False when `goes_on()` says that another release is wanted. Raises why they cannot be here.

        `report(percent, megabytes, speed)` is called every few seconds.
        """
        while self.thread and self.thread.is_alive():
            self.thread.join(WAIT_SECONDS)
            if not goes_on():
                self.cancel()
                return False
            seen = self.thread.is_alive() and time.monotonic() - self.seen[0] >= FETCH_REPORT_SECONDS and self.look()
            if seen:
                report(*seen)
        self.thread = None
        if self.error:
            raise self.error
        return True

    def look(self):
        """(per cent, MB of all, MB/s since the last look); None while nothing is on its way."""
        transfer = self.transfer
        if not (self.thread and transfer and transfer.total):
            return None
        (then, before), now, received = self.seen, time.monotonic(), transfer.received
        speed = (received - before) / max(now - then, 0.001) / 10**6
        self.seen = (now, received)
        return 100 * transfer.done_bytes() // transfer.total, max(1, transfer.total // 10**6), round(speed)


def set_name(model):
    files = sorted([file["name"], blob_name(model["source"], file)] for file in model["files"])
    return hashlib.sha256(json.dumps(files).encode()).hexdigest()[:40]


def set_folder(model):
    return f"{WEIGHTS_FOLDER}/sets/{set_name(model)}"


def link(files, blobs, folder):
    """The folder appears whole or not at all."""
    shutil.rmtree(folder + ".new", ignore_errors=True)
    os.makedirs(folder + ".new")
    for file in files:
        path = f"{folder}.new/{file['name']}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.link(f"{blobs}/{file['blob']}", path)
    for path, _, _ in os.walk(folder + ".new"):
        os.chmod(path, 0o755)
    os.replace(folder + ".new", folder)


def require_room(blobs, missing):
    """Raises Problem when the files do not fit on the disk, before any of them is fetched."""
    there = sum(os.stat(path).st_blocks * 512 for file in missing for path in glob.glob(f"{blobs}/{file['blob']}.part"))
    needed, disk = sum(file["size"] for file in missing) - there, os.statvfs(blobs)
    free = disk.f_bavail * disk.f_frsize
    if needed > free - SPARE_BYTES:
        words = f"its files need {megabytes(needed)} MB more, and the disk has {megabytes(free)} MB free, of which {megabytes(SPARE_BYTES)} MB must stay."
        raise Problem(f"{words} Raise instances.disk, or choose a type with a local disk.", "model-failed", definite=True)


def prune(models):
    """Removes what no release here uses. `models`: those of this agent's releases from now on."""
    keep = {set_name(model): [blob_name(model["source"], file) for file in model["files"]] for model in models if model}
    write_json(f"{WEIGHTS_FOLDER}/keep{SLOT}.json", keep)
    sets, blobs = set(), set()
    for path in glob.glob(f"{WEIGHTS_FOLDER}/keep*.json"):
        for name, names in read_json(path).items():
            sets.add(name)
            blobs.update(names)
    for path in glob.glob(f"{WEIGHTS_FOLDER}/sets/*"):
        if os.path.basename(path) not in sets:
            shutil.rmtree(path, ignore_errors=True)
    for path in glob.glob(f"{WEIGHTS_FOLDER}/blobs/*"):
        if os.path.basename(path).partition(".")[0] not in blobs:
            os.remove(path)


def release_weights(models):
    """After a release is healthy: what only older ones used goes. `models`: those of the releases to keep, some of them None."""
    if os.path.isdir(WEIGHTS_FOLDER):
        prune(models)


def megabytes(count):
    return max(1, round(count / 10**6))
