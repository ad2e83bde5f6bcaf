"""The part of the OCI distribution API that ECR needs (Distribution Specification 1.0)."""

import base64
import hashlib
import json
import urllib.error
import urllib.request
import uuid

from moto.core.exceptions import JsonRESTError

from emulator import settings

ACCEPT = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)


def tags(repository):
    """Tag -> digest, for all tags of the repository; empty for an unknown repository."""
    listed = call("GET", f"/v2/{repository}/tags/list")
    names = (json.loads(listed.read()).get("tags") or []) if listed else []
    found = {name: digest_of(repository, name) for name in names}
    return {name: digest for name, digest in found.items() if digest}


def digest_of(repository, reference):
    """None when there is no such tag or digest."""
    answer = call("HEAD", f"/v2/{repository}/manifests/{reference}")
    return answer.headers["Docker-Content-Digest"] if answer else None


def manifest(repository, digest):
    """The manifest's text and media type."""
    answer = call("GET", f"/v2/{repository}/manifests/{digest}")
    return (answer.read().decode(), answer.headers["Content-Type"]) if answer else None


def blob(repository, digest):
    """The text of a small blob, such as an image's configuration; None when there is none."""
    answer = call("GET", f"/v2/{repository}/blobs/{digest}")
    return answer.read().decode() if answer else None


def put(repository, reference, manifest, media_type):
    """Stores a manifest. False when the registry refuses it because it lacks a layer."""
    return call("PUT", f"/v2/{repository}/manifests/{reference}", manifest, media_type, absent=(400, 404)) is not None


def delete(repository, digest):
    call("DELETE", f"/v2/{repository}/manifests/{digest}")


def untag(repository, tag):
    """Removes one tag and keeps the image. The registry only deletes digests, with all their tags, so the tag is first moved
    to a new empty image."""
    config = json.dumps({"sandbox": str(uuid.uuid4())}).encode()
    upload = call("POST", f"/v2/{repository}/blobs/uploads/").headers["Location"]
    glue = "&" if "?" in upload else "?"
    call("PUT", f"{upload}{glue}digest={sha256(config)}", config, "application/octet-stream")
    empty = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
            "config": {
                "mediaType": "application/vnd.docker.container.image.v1+json",
                "size": len(config),
                "digest": sha256(config),
            },
            "layers": [],
        }
    ).encode()
    call("PUT", f"/v2/{repository}/manifests/{tag}", empty, "application/vnd.docker.distribution.manifest.v2+json")
    delete(repository, sha256(empty))


def sha256(content):
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def call(method, path, body=None, content_type=None, absent=(404,)):
    """None when the answer has a status in `absent`. The timeout is 10 seconds, because the whole region waits."""
    url = path if path.startswith("http") else settings.REGISTRY_URL + path
    headers = {"Accept": ACCEPT, **({"Content-Type": content_type} if content_type else {})}
    if settings.REGISTRY_PASSWORD:
        headers["Authorization"] = f"Basic {base64.b64encode(f'AWS:{settings.REGISTRY_PASSWORD}'.encode()).decode()}"
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        return urllib.request.urlopen(request, timeout=10)
    except urllib.error.HTTPError as error:
        if error.code in absent:
            return None
        raise JsonRESTError("ServerException", f"the sandbox's registry answered {error.code} to {method} {path}") from error
    except OSError as error:
        raise JsonRESTError(
            "ServerException", f"the sandbox's registry at {settings.REGISTRY_URL} does not answer: {error}"
        ) from error
