"""Caddy's program: one file of an image, which Docker pulls."""
import http.client
import json
import os
import tarfile

from fetch import registry_login
from problem import Problem
from progress import Progress
from request import opened

CADDY_PROGRAM = "/var/lib/infer-deploy/bin/caddy"


def install_caddy(image, aws, docker):
    """Pulls the image by digest and copies /caddy out of it. A machine keeps the one that it has: a newer one comes with the next machine."""
    if os.path.exists(CADDY_PROGRAM):
        return
    if not image:
        raise Problem("There is no image of Caddy yet.")
    docker.pull(image, lambda: registry_login(aws), lambda: Progress({}, None))
    # It is never started. An image without CMD wants one all the same.
    made = json.loads(docker.call("POST", "/containers/create", {"Image": image, "Cmd": ["/caddy"]}))["Id"]
    try:
        copy_caddy(docker.url(f"/containers/{made}/archive?path=/caddy"))
    finally:
        docker.remove(made)


def copy_caddy(url):
    os.makedirs(os.path.dirname(CADDY_PROGRAM), exist_ok=True)
    try:
        # Docker answers with a tar archive, which is read as it comes: it is larger than what one answer may have in memory.
        with opened("GET", url, {}, timeout=120, idle=True) as answer:
            if answer.status != 200:
                raise Problem("The image of Caddy has no file /caddy.")
            with tarfile.open(fileobj=answer, mode="r|") as archive, open(f"{CADDY_PROGRAM}.new", "wb") as program:
                content = archive.extractfile(archive.next())
                while piece := content.read(2**20):
                    program.write(piece)
    except (OSError, http.client.HTTPException, tarfile.TarError) as error:
        raise Problem(f"Caddy could not be copied out of its image: {error}") from None
    os.chmod(f"{CADDY_PROGRAM}.new", 0o755)
    os.replace(f"{CADDY_PROGRAM}.new", CADDY_PROGRAM)
