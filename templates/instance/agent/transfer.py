"""Fetches files in ranges over several connections, and continues what a killed agent or machine has left."""
import hashlib
import http.client
import json
import os
import random
import threading
import time
import urllib.parse

from files import read_json, write_json
from problem import Problem
from request import error_of, opened

PIECE_BYTES, BLOCK_BYTES, CONNECTIONS = 2**25, 2**20, 8
TRIES, IDLE_SECONDS, SAVE_SECONDS = 6, 20, 2
MOVED = (301, 302, 303, 307, 308)


class Transfer:
    """Files of one source. `blobs`: the folder for them. `place(file)`: a function that gives (url, headers) of a request with these headers.

    A file is {"name", "size", "blob"} with perhaps "sha256", "git_sha1", "etag". BLOB.part and BLOB.json have what is there of one that is not whole.
    """

    def __init__(self, blobs, files, place):
        self.blobs, self.place, self.files, self.error = blobs, place, [Part(blobs, file) for file in files], None
        self.changed, self.stopped = threading.Condition(), False
        self.total = sum(file["size"] for file in files)
        # Of this process, for the speed.
        self.received, self.began = 0, time.monotonic()

    def done_bytes(self):
        return sum(part.done_bytes() for part in self.files)

    def run(self):
        """Until every file is whole and has been checked. Raises the first Problem."""
        pieces = ((part, index) for part in self.files for index in range(len(part.have)) if not part.have[index])
        lock = threading.Lock()

        def work():
            while True:
                with lock:
                    part, index = next(pieces, (None, None))
                if part is None or self.stopped:
                    return
                self.fetch(part, index)

        def save():
            with self.changed:
                while not self.changed.wait_for(lambda: self.stopped, SAVE_SECONDS):
                    for part in self.files:
                        part.save()

        threads = [threading.Thread(target=self.guard, args=(work,), daemon=True) for _ in range(CONNECTIONS)]
        saver = threading.Thread(target=self.guard, args=(save,), daemon=True)
        for thread in (*threads, saver):
            thread.start()
        self.guard(self.check)
        self.stop()
        for thread in (*threads, saver):
            thread.join()
        for part in self.files:
            part.close()
        if self.error:
            raise self.error

    def stop(self):
        with self.changed:
            self.stopped = True
            self.changed.notify_all()

    def guard(self, work):
        """Runs a part of the work. Its error ends the others."""
        try:
            work()
        except Exception as error:
            failed = error if isinstance(error, Problem) else Problem(f"The model's weights could not be written: {error}", "model-failed")
            with self.changed:
                self.error = self.error or failed
            self.stop()

    def check(self):
        """Follows the download, file by file and piece by piece: what it reads is still in memory."""
        for part in self.files:
            digest = part.new_digest()
            for index in range(len(part.have)):
                with self.changed:
                    self.changed.wait_for(lambda: part.have[index] or self.stopped)
                if self.stopped:
                    return
                if digest:
                    part.feed(digest, index, lambda: self.stopped)
            if self.stopped:
                return
            part.finish(digest and digest.hexdigest())

    def fetch(self, part, index):
        """One piece. Tries again what may pass; a server that cannot give ranges gives the whole file to the first request."""
        for attempt in range(TRIES):
            if self.stopped or part.have[index]:
                return
            try:
                return self.read_piece(part, index)
            except (OSError, http.client.HTTPException) as error:
                failed = Problem(f"{part.name}: {error or type(error).__name__}", "model-failed")
            except Problem as problem:
                if problem.definite or problem.denied:
                    raise
                failed = problem
            with self.changed:
                self.changed.wait_for(lambda: self.stopped, random.uniform(0.5, 1) * 2**attempt)
        raise failed

    def read_piece(self, part, index):
        start, end = index * PIECE_BYTES, min(part.size, (index + 1) * PIECE_BYTES)
        url, headers = self.place(part.file, {"range": f"bytes={start}-{end - 1}"})
        with follow(url, headers) as answer:
            if answer.status == 200 and end - start < part.size:
                return self.read_whole(part, answer)
            if answer.status not in (200, 206):
                raise refusal(part, answer)
            part.compare(answer)
            self.receive(part, answer, start, end)
        with self.changed:
            part.have[index] = 1
            self.changed.notify_all()

    def read_whole(self, part, answer):
        """The server has no ranges: one connection writes the file, and the others of this file wait for it."""
        part.compare(answer)
        if not part.whole.acquire(blocking=False):
            with self.changed:
                self.changed.wait_for(lambda: all(part.have) or self.stopped)
            return
        try:
            for index in range(len(part.have)):
                self.receive(part, answer, index * PIECE_BYTES, min(part.size, (index + 1) * PIECE_BYTES))
                with self.changed:
                    part.have[index] = 1
                    self.changed.notify_all()
        finally:
            part.whole.release()

    def receive(self, part, answer, start, end):
        block = memoryview(bytearray(min(BLOCK_BYTES, max(1, end - start))))
        while start < end and not self.stopped:
            count = answer.readinto(block[: min(len(block), end - start)])
            if not count:
                raise OSError("the connection was cut")
            os.pwrite(part.handle, block[:count], start)
            start += count
            self.received += count
        if start < end:
            raise OSError("stopped")


class Part:
    """A file on its way: have[i] is 1 when its piece i is written."""

    def __init__(self, blobs, file):
        self.file, self.name, self.size, self.whole = file, file["name"], file["size"], threading.Lock()
        self.path = f"{blobs}/{file['blob']}"
        count = -(-self.size // PIECE_BYTES)
        known = read_json(self.path + ".json")
        usable = known.get("piece_bytes") == PIECE_BYTES and len(known.get("have", "")) == count and os.path.exists(self.path + ".part")
        self.have = bytearray(map(int, known["have"])) if usable else bytearray(count)
        self.handle = os.open(self.path + ".part", os.O_RDWR | os.O_CREAT, 0o644)
        self.saved = bytes(self.have)

    def done_bytes(self):
        count = sum(self.have)
        over = len(self.have) * PIECE_BYTES - self.size if count and self.have[-1] else 0
        return count * PIECE_BYTES - over

    def save(self):
        """Notes the pieces that are on the disk, not only in the machine's memory."""
        have = bytes(self.have)
        if have != self.saved and self.handle is not None:
            os.fdatasync(self.handle)
            write_json(self.path + ".json", {"piece_bytes": PIECE_BYTES, "have": "".join(map(str, have))})
            self.saved = have

    def compare(self, answer):
        """Raises Problem when the server has another file by now."""
        etag, length = answer.headers.get("etag"), answer.headers.get("content-length")
        size = (answer.headers.get("content-range") or "").rpartition("/")[2] or length
        if self.file.get("etag") and etag and etag != self.file["etag"]:
            raise changed(self.name)
        if size and size.isdigit() and int(size) != self.size:
            raise changed(self.name)

    def new_digest(self):
        if self.file.get("sha256"):
            return hashlib.sha256()
        # As Git names the content of a file.
        return hashlib.sha1(f"blob {self.size}\0".encode()) if self.file.get("git_sha1") else None

    def feed(self, digest, index, is_stopped):
        start, end = index * PIECE_BYTES, min(self.size, (index + 1) * PIECE_BYTES)
        while start < end and not is_stopped():
            block = os.pread(self.handle, min(BLOCK_BYTES, end - start), start)
            if not block:
                raise OSError(f"{self.name} is shorter than what was written")
            digest.update(block)
            start += len(block)

    def finish(self, found):
        wanted = self.file.get("sha256") or self.file.get("git_sha1")
        if found and found != wanted:
            self.forget()
            kind = "SHA-256" if self.file.get("sha256") else "Git's SHA-1"
            raise Problem(f"{self.name} has the {kind} {found}, and not {wanted}: it is another file than the release names.", "model-failed", definite=True)
        os.ftruncate(self.handle, self.size)
        os.fsync(self.handle)
        os.chmod(self.path + ".part", 0o444)
        os.replace(self.path + ".part", self.path)
        self.remove(".json")

    def forget(self):
        self.saved = bytes(self.have)
        self.remove(".json")
        self.remove(".part")

    def remove(self, end):
        try:
            os.remove(self.path + end)
        except FileNotFoundError:
            pass

    def close(self):
        if os.path.exists(self.path + ".part"):
            self.save()
        os.close(self.handle)
        self.handle = None


class follow:
    """A request that follows redirects. A token stays with the host that it is for."""

    def __init__(self, url, headers):
        self.url, self.headers, self.opened = url, headers, None

    def __enter__(self):
        url, headers = self.url, self.headers
        for _ in range(5):
            self.opened = opened("GET", url, headers, timeout=IDLE_SECONDS, idle=True)
            answer = self.opened.__enter__()
            target = answer.headers.get("location")
            if answer.status not in MOVED or not target:
                return answer
            self.opened.__exit__(None, None, None)
            before, url = url, urllib.parse.urljoin(url, target)
            if urllib.parse.urlsplit(before).netloc != urllib.parse.urlsplit(url).netloc:
                headers = {name: value for name, value in headers.items() if name not in ("authorization", "if-match")}
        raise Problem(f"{self.url} leads from one address to the next without an end.", "model-failed", definite=True)

    def __exit__(self, *error):
        return self.opened.__exit__(*error)


def refusal(part, answer):
    code, message = error_of(answer.read(65536))
    words = f"{part.name}: {answer.status} {code or answer.reason} {message}".strip()
    if answer.status in (412, 416):
        return changed(part.name)
    if answer.status in (404, 410) or code == "NoSuchVersion":
        return Problem(f"{words}. It is gone since the release was made.", "model-failed", definite=True)
    if answer.status in (401, 403):
        return Problem(f"{words}. It is gone, or this instance may not read it.", "model-failed", denied=True)
    return Problem(words, "model-failed")


def changed(name):
    return Problem(f"{name} has changed under its name since the release was made, so this is not the release's model.", "model-failed", definite=True)


def blob_name(source, file):
    """The same content has the same name, where its hash is known."""
    if file.get("sha256"):
        return f"sha256-{file['sha256']}"
    if file.get("git_sha1"):
        return f"git-{file['git_sha1']}-{file['size']}"
    facts = json.dumps([source, file["from"], file.get("etag"), file.get("version"), file["size"]])
    return f"of-{hashlib.sha256(facts.encode()).hexdigest()[:40]}"
