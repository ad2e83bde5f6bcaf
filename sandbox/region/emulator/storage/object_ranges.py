"""GetObject with a range of a large object (GetObject, "Range"): only that range is read, and meanwhile the region answers other calls.

moto reads the whole object for each range, and the region handles one call at a time. A program that fetches 2 GB in ranges over several
connections, as AWS advises (Performance guidelines for Amazon S3, "Use byte-range fetches"), would wait for minutes and stop the region.
"""

import os
import re
import urllib.parse

from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends

from emulator.lock import CONTROL_PLANE

LEAST_BYTES, BLOCK_BYTES = 2**20, 2**20
RANGE = re.compile(r"bytes=(\d+)-(\d+)")


def answer(call, ask):
    """The WSGI answer, or None for a call that moto answers. `ask`: moto's application."""
    wanted = RANGE.fullmatch(call.environ.get("HTTP_RANGE", ""))
    if not wanted or call.environ["REQUEST_METHOD"] != "GET" or call.service != "s3":
        return None
    with CONTROL_PLANE:
        key = find(call)
        if key is None or key.size < LEAST_BYTES or int(wanted[1]) >= key.size or int(wanted[2]) < int(wanted[1]):
            return None
        status, headers = head(call, ask)
        if status != 200:
            return None
        handle = os.dup(key._value_buffer.fileno())
        size = key.size
    start, end = int(wanted[1]), min(int(wanted[2]), size - 1)
    kept = [(name, value) for name, value in headers if name.lower() not in ("content-length", "content-range") and not name.lower().startswith("x-amz-checksum-")]
    call.start_response("206 PARTIAL CONTENT", [*kept, ("Content-Range", f"bytes {start}-{end}/{size}"), ("Content-Length", str(end - start + 1))])
    return blocks(handle, start, end + 1)


def find(call):
    """The object that the path names, in the virtual-hosted form or the other; None when there is none."""
    path = urllib.parse.unquote(call.environ.get("PATH_INFO", "")).lstrip("/")
    host = call.environ.get("HTTP_HOST", "")
    bucket, name = (host.split(".s3.")[0], path) if ".s3." in host else path.partition("/")[::2]
    version = urllib.parse.parse_qs(call.environ.get("QUERY_STRING", "")).get("versionId", [None])[0]
    backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
    if bucket not in backend.buckets or not name:
        return None
    return backend.get_object(bucket, name, version_id=version)


def head(call, ask):
    """What moto answers to HEAD: policies, conditions and headers are the same."""
    seen = []
    environ = {name: value for name, value in call.environ.items() if name != "HTTP_RANGE"}
    for _ in ask({**environ, "REQUEST_METHOD": "HEAD"}, lambda status, headers, *_: seen.append((int(status.split()[0]), headers))):
        pass
    return seen[0]


def blocks(handle, start, end):
    try:
        while start < end:
            block = os.pread(handle, min(BLOCK_BYTES, end - start), start)
            if not block:
                return
            start += len(block)
            yield block
    finally:
        os.close(handle)
