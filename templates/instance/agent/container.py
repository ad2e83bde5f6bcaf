"""The application's container, and the process that runs it."""
import os
import re
import signal
import threading
import time

from docker import APP, Docker
from files import CONTAINER_FILE, EXIT_FILE, SECRETS_FOLDER, read_json, write_json, write_secrets
from folders import cache_files, empty_large_cache, give_folders
from gpus import device_requests
from problem import Problem
from weights import set_folder

# How long a restart of Docker may take, as after an update of its package.
DAEMON_SECONDS = 120


def container_config(release, secrets, settings, instance, endpoint, variables, volumes):
    """What Docker creates for a release. It runs as the image's user; root has no capabilities in it but those of the release.

    `secrets`: the values by name, of "env" and of "file". Docker gets the variables only: the files are mounted. The rest: of plan_folders.
    """
    port, options = f"{release['port']}/tcp", release["options"]
    binds = [f"{SECRETS_FOLDER}:/run/secrets:ro"] if secrets["file"] else []
    if options["cache"]:
        binds.append(f"{cache_files()}:{options['cache']['path']}")
    if release["model"]:
        binds.append(f"{set_folder(release['model'])}:{release['model']['path']}:ro")
    given = {"Entrypoint": options["entrypoint"], "Cmd": options["command"], "User": options["user"], "Volumes": {path: {} for path in volumes}}
    limits = [{"Name": name, "Soft": limit["soft"], "Hard": limit["hard"]} for name, limit in options["ulimits"].items()]
    environment = {
        **variables,
        **release["env"],
        **secrets["env"],
        "PORT": str(release["port"]),
        "INFER_DEPLOY_VERSION": release["version"],
        "INFER_DEPLOY_RELEASE": str(release["release"]),
        "INFER_DEPLOY_INSTANCE": instance,
    }
    for name, value in environment.items():
        if not re.fullmatch("[A-Za-z_][A-Za-z0-9_.-]*", name) or "\0" in value:
            raise Problem(f"The environment variable {name!r} cannot be passed to a container.")
    # Non-blocking: the application must not stop because CloudWatch does.
    logs = {"awslogs-region": settings["region"], "awslogs-group": release["log_group"],
            "awslogs-stream": f"{instance}/{settings['colour']}/{release['version']}",
            "mode": "non-blocking", "max-buffer-size": "4m", **({"awslogs-endpoint": endpoint} if endpoint else {})}
    return {
        "Image": release["image"],
        **{name: value for name, value in given.items() if value},
        "Env": [f"{name}={value}" for name, value in environment.items()],
        "ExposedPorts": {port: {}},
        "StopTimeout": release["stop_seconds"],
        "Labels": {"infer-deploy.release": str(release["release"])},
        "HostConfig": {
            "ReadonlyRootfs": options["read_only"],
            "CapDrop": ["ALL"],
            **({"CapAdd": options["capabilities"]} if options["capabilities"] else {}),
            **({"Ulimits": limits} if limits else {}),
            "SecurityOpt": ["no-new-privileges"],
            **memory_limits(release["memory_mb"], options),
            "PidsLimit": 4096,
            "Init": True,
            **({"Binds": binds} if binds else {}),
            **device_requests(release["gpus"]),
            "PortBindings": {port: [{"HostPort": port.split("/")[0]}]},
            "LogConfig": {"Type": "awslogs", "Config": logs},
        },
    }


def memory_limits(memory_mb, options):
    """Shared memory and /tmp are parts of the container's memory. Raises Problem for more than it has."""
    shared, temporary = options["shm_mb"] or memory_mb // 4, options["tmp"]["size_mb"] or memory_mb // 2
    for key, megabytes in (("container.shm", options["shm_mb"]), ("container.tmp.size", options["tmp"]["size_mb"])):
        if megabytes and megabytes > memory_mb:
            raise Problem(f"{key} asks for {megabytes} MB, and the container has {memory_mb} MB: lower it, or choose an instances.type with more.", definite=True)
    return {
        "Memory": memory_mb * 2**20,
        "MemorySwap": memory_mb * 2**20,
        "ShmSize": shared * 2**20,
        "Tmpfs": {"/tmp": f"size={temporary}m{',exec' if options['tmp']['exec'] else ''}"},
    }


def run_container():
    """Creates, starts and waits for the container. Writes EXIT_FILE when it ends without being stopped."""
    wanted, before, docker, error = read_json(CONTAINER_FILE), read_json(EXIT_FILE), Docker(), ""

    def stop(*_):
        seconds = wanted["config"]["StopTimeout"]
        docker.call("POST", f"/containers/{APP}/stop?t={seconds}", accept=(304, 404), timeout=seconds + 10)
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    if before.get("restarts", 0) >= 5 and before["seconds"] < 10:
        time.sleep(10)
    docker.remove(APP)
    started, fullest, folders = time.monotonic(), [0], wanted["folders"]
    try:
        if not docker.others():
            empty_large_cache(folders["cache"])
        docker.call("POST", f"/containers/create?name={APP}", wanted["config"])
        give_folders(docker.inspect(), folders)
        write_secrets(SECRETS_FOLDER, wanted["secret_files"], folders["user"])
        docker.call("POST", f"/containers/{APP}/start")
        watch_temporary(docker.inspect(), fullest)
    except Problem as problem:
        error = f"Docker could not start the container: {problem}"
    if not error:
        wait(docker)
    state = (docker.inspect() or {"State": {"ExitCode": 125, "OOMKilled": False}})["State"]
    end = {"code": state["ExitCode"], "oom": state["OOMKilled"], "error": error, "log_tail": docker.log_tail(wanted["health"]["path"])}
    end["tmp_mb"] = fullest[0]
    end.update(restarts=before.get("restarts", 0) + 1, seconds=round(time.monotonic() - started, 1))
    write_json(EXIT_FILE, end)
    return end["code"] or 1


def watch_temporary(container, fullest):
    """Keeps in fullest[0] the most MB that were in /tmp, which counts as memory: once the container has ended, nothing shows them."""
    folder = f"/proc/{container['State']['Pid']}/root/tmp"

    def look():
        while True:
            try:
                found = os.statvfs(folder)
            except OSError:
                return
            fullest[0] = max(fullest[0], (found.f_blocks - found.f_bfree) * found.f_frsize // 2**20)
            time.sleep(0.2)

    threading.Thread(target=look, daemon=True).start()


def wait(docker):
    """Until the container ends. With live-restore it outlives its daemon, so a daemon that restarts is waited for.

    A daemon that takes the container with it is not the application's fault: the Problem ends this process without EXIT_FILE.
    """
    while True:
        try:
            docker.call("POST", f"/containers/{APP}/wait", timeout=None)
            return
        except Problem:
            if not (returns(docker) and (docker.inspect() or {"State": {}})["State"].get("Running")):
                raise
            print("The container has outlived a restart of Docker.", flush=True)


def returns(docker):
    """Whether the daemon answers within DAEMON_SECONDS."""
    ends = time.monotonic() + DAEMON_SECONDS
    while not docker.ready():
        if time.monotonic() > ends:
            return False
        time.sleep(0.5)
    return True
