"""The application's container, and the process that runs it."""
import os
import re
import signal
import time

from docker import APP, Docker
from files import CONTAINER_FILE, EXIT_FILE, SECRETS_FOLDER, read_json, write_json, write_secrets
from gpus import device_requests
from problem import Problem

# How long a restart of Docker may take, as after an update of its package.
DAEMON_SECONDS = 120


def container_config(release, secrets, region, instance, endpoint):
    """What Docker creates for a release. It runs as the image's user; even root has no capabilities in it.

    `secrets`: the values by name, of "env" and of "file". Docker gets the variables only: the files are mounted.
    """
    port = f"{release['port']}/tcp"
    environment = {
        **release["env"],
        **secrets["env"],
        "PORT": str(release["port"]),
        "INFER_DEPLOY_VERSION": release["version"],
        "INFER_DEPLOY_RELEASE": str(release["release"]),
        "INFER_DEPLOY_INSTANCE": instance,
    }
    for name, value in environment.items():
        if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name) or "\0" in value:
            raise Problem(f"The environment variable {name!r} cannot be passed to a container.")
    # Non-blocking: the application must not stop because CloudWatch does.
    logs = {"awslogs-region": region, "awslogs-group": release["log_group"], "awslogs-stream": instance,
            "mode": "non-blocking", "max-buffer-size": "4m", **({"awslogs-endpoint": endpoint} if endpoint else {})}
    return {
        "Image": release["image"],
        "Env": [f"{name}={value}" for name, value in environment.items()],
        "ExposedPorts": {port: {}},
        "StopTimeout": release["stop_seconds"],
        "Labels": {"infer-deploy.release": str(release["release"])},
        "HostConfig": {
            "ReadonlyRootfs": True,
            "Tmpfs": {"/tmp": ""},
            "CapDrop": ["ALL"],
            "SecurityOpt": ["no-new-privileges"],
            "Memory": release["memory_mb"] * 1024 * 1024,
            "MemorySwap": release["memory_mb"] * 1024 * 1024,
            "PidsLimit": 4096,
            "Init": True,
            **device_requests(release["gpus"]),
            **({"Binds": [f"{SECRETS_FOLDER}:/run/secrets:ro"]} if secrets["file"] else {}),
            "PortBindings": {port: [{"HostPort": port.split("/")[0]}]},
            "LogConfig": {"Type": "awslogs", "Config": logs},
        },
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
    docker.call("DELETE", f"/containers/{APP}?force=1&v=1", accept=(404,))
    started = time.monotonic()
    try:
        docker.call("POST", f"/containers/create?name={APP}", wanted["config"])
        write_secrets(SECRETS_FOLDER, wanted["secret_files"], docker.user_number() if wanted["secret_files"] else 0)
        docker.call("POST", f"/containers/{APP}/start")
    except Problem as problem:
        error = f"Docker could not start the container: {problem}"
    if not error:
        wait(docker)
    state = (docker.inspect() or {"State": {"ExitCode": 125, "OOMKilled": False}})["State"]
    end = {"code": state["ExitCode"], "oom": state["OOMKilled"], "error": error, "log_tail": docker.log_tail(wanted["health"]["path"])}
    end.update(restarts=before.get("restarts", 0) + 1, seconds=round(time.monotonic() - started, 1))
    write_json(EXIT_FILE, end)
    return end["code"] or 1


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
