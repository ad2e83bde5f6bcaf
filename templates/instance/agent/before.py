"""release.before: a command that runs once, in a container of the new release, before that release starts on any instance."""
import calendar
import os
import signal
import time

from container import returns
from docker import BEFORE, Docker
from files import BEFORE_END_FILE, BEFORE_FILE, SECRETS_FOLDER, read_json, write_json, write_secrets
from folders import give_folders
from limits import blame_limit
from problem import Problem
from unit import systemctl

LABEL = "infer-deploy.before"
# How long the command has to end after SIGTERM, once its time is over.
TERM_SECONDS = 10
# Next to another container, the command may use this share of the memory that is free.
FREE_SHARE = 0.8


class Before:
    """Follows the command. Its own unit runs it, so that it outlives a restart of the agent. started: what this process has started."""

    def __init__(self, docker):
        self.docker, self.started = docker, None

    def keep_only(self, order):
        """Ends a command that nothing waits for any more. `order`: of Pointer.order."""
        if read_json(BEFORE_FILE).get("order", order) != order:
            systemctl("stop", BEFORE)
            write_json(BEFORE_FILE, {})
            write_json(BEFORE_END_FILE, {})

    def follow(self, order, wanted):
        """(state, detail, end, facts): three for Report.say, and the report's `before`. Starts the command when it has not been started."""
        if read_json(BEFORE_FILE).get("order") != order:
            write_json(BEFORE_END_FILE, {})
            write_json(BEFORE_FILE, {**wanted, "order": order})
        end = read_json(BEFORE_END_FILE)
        if end:
            return judge_before(end, wanted)
        if self.started != order:
            systemctl("start", BEFORE)
            self.started = order
        lines = self.docker.log_tail("", BEFORE)
        return "before", lines[-1] if lines else "", None, {"state": "running", "exit_code": None, "seconds": None}


def judge_before(end, wanted):
    seconds, code, lines = end["seconds"], end["code"], end["log_tail"]
    facts = {"state": "failed", "exit_code": code, "seconds": seconds}
    if end["error"]:
        detail = f"release.before could not run: {end['error']}"
    elif end["late"]:
        detail = f"release.before did not end within its {wanted['before']['timeout_seconds']} s (release.before.timeout)."
    elif end["oom"]:
        detail = f"release.before was killed for using more than its {end['memory_mb']} MB of memory."
    elif code == 0:
        return "holding", f"release.before succeeded in {seconds} s.", None, {**facts, "state": "succeeded"}
    else:
        why = " It was killed, perhaps because the instance is out of memory." if code == 137 else blame_limit(lines, wanted["options"]["shm_mb"])
        detail = f"release.before exited with code {code} after {seconds} s.{why}"
    return "before-failed", detail, {"code": code, "restarts": 0, "log_tail": lines}, facts


def before_config(wanted, free):
    """What Docker creates: the release's container with another command and without its port. `free`: MB, next to another container; or None."""
    config = {name: value for name, value in wanted["config"].items() if name != "ExposedPorts"}
    host = {**config["HostConfig"], "PortBindings": {}}
    if free is not None:
        # The kernel ends the command before it ends what serves.
        memory = min(host["Memory"], int(free * FREE_SHARE) * 2**20)
        host.update(Memory=memory, MemorySwap=memory, OomScoreAdj=1000)
    labels = {LABEL: wanted["order"]}
    return {**config, "Entrypoint": [""], "Cmd": wanted["before"]["command"], "Labels": labels, "HostConfig": host}


def run_before():
    """Runs BEFORE_FILE's command once, and writes BEFORE_END_FILE. Started again after a crash, it follows the container that is there."""
    wanted, docker = read_json(BEFORE_FILE), Docker()
    end = {"code": None, "oom": False, "late": False, "error": "", "seconds": None, "memory_mb": None, "log_tail": []}

    def stop(*_):
        docker.remove(BEFORE)
        os._exit(0)

    if read_json(BEFORE_END_FILE):
        return 0
    signal.signal(signal.SIGTERM, stop)
    try:
        if not is_begun(docker.inspect(BEFORE), wanted["order"]):
            begin(wanted, docker)
        end["late"] = follow_command(wanted["before"]["timeout_seconds"], docker)
        found = docker.inspect(BEFORE)
        state = found["State"]
        end.update(code=state["ExitCode"], oom=state["OOMKilled"], memory_mb=found["HostConfig"]["Memory"] // 2**20)
        end.update(seconds=max(0, seconds_of(state["FinishedAt"]) - seconds_of(state["StartedAt"])))
    except Problem as problem:
        end["error"] = str(problem)
    end["log_tail"] = docker.log_tail("", BEFORE)
    write_json(BEFORE_END_FILE, end)
    docker.remove(BEFORE)
    return 0


def is_begun(found, order):
    return bool(found) and found["Config"]["Labels"].get(LABEL) == order and found["State"]["Status"] != "created"


def begin(wanted, docker):
    docker.remove(BEFORE)
    docker.call("POST", f"/containers/create?name={BEFORE}", before_config(wanted, free_memory_mb() if docker.others() else None))
    give_folders(docker.inspect(BEFORE), wanted["folders"])
    write_secrets(SECRETS_FOLDER, wanted["secret_files"], wanted["folders"]["user"])
    docker.call("POST", f"/containers/{BEFORE}/start")


def follow_command(timeout, docker):
    """Until the command ends. True when its time was over first."""
    late = False
    while True:
        try:
            state = docker.inspect(BEFORE)["State"]
            if not state["Running"]:
                return late
            if time.time() > seconds_of(state["StartedAt"]) + timeout:
                late = True
                docker.call("POST", f"/containers/{BEFORE}/stop?t={TERM_SECONDS}", accept=(304, 404), timeout=TERM_SECONDS + 10)
        except Problem:
            # With live-restore the container outlives its daemon.
            if not returns(docker):
                raise
        except TypeError:
            raise Problem("its container has gone") from None
        time.sleep(0.5)


def seconds_of(moment):
    """Docker's moment, such as 2026-01-31T10:00:00.123456789Z, in seconds since 1970."""
    return calendar.timegm(time.strptime(moment[:19], "%Y-%m-%dT%H:%M:%S"))


def free_memory_mb():
    with open("/proc/meminfo", encoding="ascii") as file:
        return next(int(line.split()[1]) // 2**10 for line in file if line.startswith("MemAvailable"))
