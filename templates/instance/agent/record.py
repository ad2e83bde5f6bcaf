"""A release record. No other part knows its keys and its defaults."""
import os

# Ubuntu with Docker, the Session Manager's agent and this one needs 400 to 550 MB; page tables and buffers grow with the machine.
HOST_MEMORY_MB, HOST_MEMORY_SHARE = 512, 0.05
STOP_SECONDS = 30
# How long an update in place waits for requests in flight. The least is the time until every node of the load balancer sends no more.
DRAIN_SECONDS, LEAST_DRAIN_SECONDS = 10, 5


# As in the configuration: what a record without options means.
OPTIONS = {
    "entrypoint": None, "command": None, "user": None, "stop_seconds": None, "ulimits": {}, "read_only": True, "writable": [],
    "tmp": {"size_mb": None, "exec": False}, "capabilities": [], "shm_mb": 64, "cache": None,
}


def read_record(document):
    """All settings of the release. Raises KeyError for a missing one without a default."""
    container = document["container"]
    health = container["health"]
    options = {**OPTIONS, **container.get("options", {})}
    return {
        "release": document["release"],
        "version": document["version"],
        "image": document["image"],
        "port": container["port"],
        "health": {
            "path": health["path"],
            "timeout_seconds": health["timeout_seconds"],
            "protocol": health.get("protocol", "http1"),
            "codes": health.get("codes"),
            "fail_fast": health.get("fail_fast", True),
            "drain_seconds": max(LEAST_DRAIN_SECONDS, health.get("drain_seconds", DRAIN_SECONDS)),
        },
        "stop_seconds": options["stop_seconds"] or container.get("stop_seconds", STOP_SECONDS),
        "options": options,
        "memory_mb": container["memory_mb"] or spare_memory_mb(machine_memory_mb()),
        "gpus": container.get("gpus", 0),
        "alone": container.get("alone", False),
        "env": container["env"],
        "secrets": container["secrets"],
        "model": container.get("model"),
        "log_group": container["log_group"],
        "before": document.get("before"),
    }


def spare_memory_mb(total):
    """What a machine leaves for the container. At least 128 MB: a type with less than 1 GB is too small, and the container's end says so."""
    return max(128, total - max(HOST_MEMORY_MB, int(total * HOST_MEMORY_SHARE)))


def machine_memory_mb():
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
