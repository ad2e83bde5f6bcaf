"""What an image has inside, seen in a container of it that is created and never starts."""
import base64
import http.client
import itertools
import json
import re
import tarfile
import urllib.parse

from files import SLOT
from folders import is_within
from problem import Problem
from request import opened

LOOK = f"infer-deploy-look{SLOT}"
# A home folder with more in it is the application's own: it is not copied for each container.
HOME_BYTES = 2**20


def look_inside(docker, release):
    """user and group: numbers; home: of the user, "" when it is not known; is_small: whether the home folder has little in it or is not there;
    variables: by name; kinds: "folder", "file" or "" by path, of the caches in the home folder, and of what the release wants to write to;
    hidden: what the container runs, and would not find below container.cache.path, or ""."""
    options, image = release["options"], docker.image(release["image"])
    variables = dict(pair.split("=", 1) for pair in image.get("Env") or [] if "=" in pair)
    docker.remove(LOOK)
    wanted = {"Image": release["image"], "Entrypoint": ["/none"], **({"User": options["user"]} if options["user"] else {})}
    docker.call("POST", f"/containers/create?name={LOOK}", wanted)
    try:
        spec = json.loads(docker.call("GET", f"/containers/{LOOK}/json"))["Config"].get("User") or ""
        user, group, own_home = find_user(docker.call("GET", archive_of("/etc/passwd"), accept=(404,)) or b"", spec)
        home = {**variables, **release["env"]}.get("HOME", own_home)
        cache, model = options["cache"], release["model"]
        asked = [f"{home}/.cache", f"{home}/.cache/huggingface", *options["writable"], *(one["path"] for one in (cache, model) if one)]
        return {"user": user, "group": group, "home": home, "variables": variables, "is_small": is_small(docker, home), "kinds": {path: kind_of(docker, path) for path in asked}, "hidden": hidden_part(docker, image, options)}
    finally:
        docker.remove(LOOK)


def hidden_part(docker, image, options):
    """The working folder, or a path of the command, that is in the cache's place and that the image has; "" for none."""
    cache, folder = options["cache"] and options["cache"]["path"], image.get("WorkingDir") or "/"
    if not cache:
        return ""
    # As in Docker, an entrypoint of the release takes the image's command away.
    command = options["command"] or ([] if options["entrypoint"] else image.get("Cmd") or [])
    words = [*(options["entrypoint"] or image.get("Entrypoint") or []), *command]
    if is_within(folder, cache) and has_content(docker, folder):
        return folder
    return next((word for word in words if is_within(word, cache) and word != cache and kind_of(docker, word)), "")


def has_content(docker, folder):
    """Whether a folder of the image has anything in it. Its archive begins with the folder itself."""
    try:
        with opened("GET", docker.url(archive_of(folder)), {}, idle=True) as answer:
            if answer.status != 200:
                return False
            with tarfile.open(fileobj=answer, mode="r|") as archive:
                return len([*itertools.islice(archive, 2)]) == 2
    except (OSError, http.client.HTTPException, tarfile.TarError):
        return False


def find_user(archive, spec):
    """(number, group's number, home) of a user as Docker takes it: NAME or NUMBER, perhaps with a group. `archive`: a tar with /etc/passwd."""
    user, _, group = spec.partition(":")
    # A tar archive is a header that ends with zeros, then the file as it is.
    form = rb"(?:^|\0)(%b):[^:\n]*:(%b):(\d+):[^:\n]*:([^:\n]*):"
    name, number = (b"[^:\n\0]+", re.escape((user or "0").encode())) if (user or "0").isdigit() else (re.escape(user.encode()), rb"\d+")
    found = re.search(form % (name, number), archive, re.MULTILINE)
    if not found and not (user or "0").isdigit():
        raise Problem(f"The image's user {user!r} is not in its /etc/passwd.", definite=True)
    number, own_group, home = (int(found.group(2)), int(found.group(3)), found.group(4).decode()) if found else (int(user or 0), 0, "")
    return number, int(group) if group.isdigit() else own_group, home


def archive_of(path):
    return f"/containers/{LOOK}/archive?path={urllib.parse.quote(path)}"


def kind_of(docker, path):
    with opened("HEAD", docker.url(archive_of(path)), {}) as answer:
        found = answer.headers.get("x-docker-container-path-stat")
    if answer.status != 200 or not found:
        return ""
    # Go's bit for a folder. A link leads to what the container finds there.
    about = json.loads(base64.b64decode(found))
    return "folder" if about["mode"] & 1 << 31 or about.get("linkTarget") else "file"


def is_small(docker, home):
    if not home or home == "/":
        return True
    try:
        with opened("GET", docker.url(archive_of(home)), {}, idle=True) as answer:
            return answer.status == 404 or len(answer.read(HOME_BYTES + 1)) <= HOME_BYTES
    except (OSError, http.client.HTTPException):
        return False
