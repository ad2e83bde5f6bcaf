"""The folders that a container may write to, and the variables that lead programs to them."""
import os
import shutil

from files import read_json, write_json
from problem import Problem

# For a user without a home folder, or whose home folder is the application's own.
OWN_HOME = "/home/infer-deploy"
# The unit's StateDirectory. On a type with a local disk, the boot script has mounted it here.
CACHE_FOLDER = "/var/lib/infer-deploy-cache"
UNUSABLE_HOMES = ("", "/", "/tmp", "/nonexistent", "/dev/null", "/proc", "/sys")


def plan_folders(release, secret_names, inside):
    """(variables, volumes): what to set so that a home folder and caches can be written, and the paths of anonymous volumes.

    What the image, env or a secret sets stays. A cache that the image brings stays where it is, unless container.cache wants another.
    """
    options, home = release["options"], inside["home"]
    given, variables, volumes = {*release["env"], *secret_names, *inside["variables"]}, {}, list(options["writable"])
    cache, place = options["cache"] and options["cache"]["path"], OWN_HOME
    if "HOME" not in given and inside["is_small"]:
        place = variables["HOME"] = OWN_HOME if home in UNUSABLE_HOMES else home
    for name, below in (("XDG_CACHE_HOME", ""), ("HF_HOME", "/huggingface")):
        if name not in given and (cache or "HOME" in variables or not inside["kinds"].get(f"{home}/.cache{below}")):
            variables[name] = (cache or f"{place}/.cache") + below
    needed = any(is_within(value, place) for value in variables.values())
    if needed and not any(is_within(place, path) for path in [*volumes, *([cache] if cache else [])]):
        volumes.append(place)
    return variables, volumes


def is_within(path, folder):
    return path == folder or path.startswith(f"{folder}/")


def check_cache(options, inside):
    path = options["cache"] and options["cache"]["path"]
    for key, wanted in (("container.cache.path", [path] if path else []), ("container.writable", options["writable"])):
        for one in wanted:
            if inside["kinds"].get(one) == "file":
                raise Problem(f"{key} has {one}, which is a file in the image: name a folder.", definite=True)
    if inside["hidden"]:
        raise Problem(f"container.cache.path has {path}, where the cache would hide the image's own {inside['hidden']}: name another folder.", definite=True)


def check_model(model, inside):
    if model and inside["kinds"].get(model["path"]) == "file":
        raise Problem(f"model.path has {model['path']}, which is a file in the image: name a folder.", definite=True)


def give_folders(container, wanted):
    """Gives the volumes of a created container, and the cache, to the image's user. `wanted`: CONTAINER_FILE's "folders".

    Root has no rights over the files of others here, and often steps down: then everyone may write to folders that the image does not have.
    """
    user, group = wanted["user"], wanted["group"]
    try:
        for mount in container.get("Mounts") or []:
            path = mount["Destination"]
            if mount["Type"] == "volume" and path in wanted["volumes"]:
                give(mount["Source"], user, group, is_new=path in wanted["new"], others=(0,))
        if wanted["cache"]:
            give_cache(user, group)
    except OSError as error:
        raise Problem(f"A folder could not be given to the image's user: {error}") from None


def give_cache(user, group):
    """The cache changes hands when the image's user does. What a root that has stepped down keeps there stays its own otherwise."""
    os.makedirs(cache_files(), exist_ok=True)
    if read_json(cache_owner()) == {"user": user}:
        return
    give(cache_files(), user, group, is_new=True, others=None)
    write_json(cache_owner(), {"user": user})


def give(folder, user, group, is_new, others):
    """others: whose files change hands too; None: everyone's."""
    if user == 0 and is_new:
        os.chmod(folder, 0o1777)
    if user == 0 and others:
        return
    for path, folders, files in os.walk(folder):
        for one in [path, *(os.path.join(path, name) for name in folders + files)]:
            owner = os.lstat(one).st_uid
            if owner != user and (others is None or owner in others):
                os.lchown(one, user, group)


def cache_files():
    return f"{CACHE_FOLDER}/files"


def cache_owner():
    return f"{CACHE_FOLDER}/owner.json"


def empty_large_cache(cache):
    """Empties the cache when it has grown over its size, so that the disk keeps room for images. It prints what it did."""
    if not cache:
        return
    used = folder_bytes(cache_files())
    if used > cache["size_mb"] * 2**20:
        print(f"The cache had {used // 2**20} MB, more than its {cache['size_mb']} MB (container.cache.size): it was emptied.", flush=True)
        shutil.rmtree(cache_files(), ignore_errors=True)
        write_json(cache_owner(), {})


def folder_bytes(folder):
    total = 0
    for path, _, files in os.walk(folder):
        for name in files:
            try:
                total += os.lstat(os.path.join(path, name)).st_blocks * 512
            except OSError:
                pass
    return total
