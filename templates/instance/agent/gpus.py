"""The instance's GPUs: their names for Docker, and once a minute whether all of them still work."""
import os
import re
import shutil
import subprocess
import threading
import time

from problem import Problem

# What the boot script writes: the names of the GPUs, as devices (CDI).
NAMES_FILE = "/etc/cdi/nvidia.yaml"
# Of Docker 25, the first that knows these names.
LEAST_API = (1, 44)
LOOK_SECONDS, AGAIN_SECONDS, ANSWER_SECONDS = 60, 5, 60
QUERY = ["nvidia-smi", "--query-gpu=index,name,memory.used,memory.total,utilization.gpu", "--format=csv,noheader,nounits"]
# Errors of the GPU itself or of its firmware, which only a reset or another machine repairs. Others, such as 13, 31, 43 and 94, are those
# of a program, and end with it. https://docs.nvidia.com/deploy/xid-errors/
FATAL_XIDS = (48, 62, 64, 74, 79, 95, 119, 120, 140)
XID = re.compile(r"NVRM: Xid \((?:PCI:)?([0-9a-fA-F:.]+)\): (\d+)(?:, pid=[^,]*)?(?:, name=[^,]*)?,? ?(.*)")


def device_requests(wanted):
    """HostConfig's part for the GPUs. `wanted`: "all" or how many.

    By name, and not through NVIDIA's runtime: systemd does not know the devices that the runtime adds, and closes them when it is
    reloaded (https://github.com/NVIDIA/nvidia-container-toolkit/issues/48).
    """
    names = ["all"] if wanted == "all" else [str(index) for index in range(wanted)]
    devices = [f"nvidia.com/gpu={name}" for name in names]
    return {"DeviceRequests": [{"Driver": "cdi", "DeviceIDs": devices}]} if devices else {}


def require_names(wanted, docker):
    """Raises Problem when the container gets GPUs and Docker cannot give them by name. `docker` has been asked something."""
    if wanted and docker.api and docker.api < LEAST_API:
        words = f"This Docker cannot give GPUs to a container by name (CDI): its API has version {docker.api[0]}.{docker.api[1]}."
        raise Problem(f"{words} Use a machine image with Docker 25 or newer.", definite=True)


class Gpus:
    """expected: how many the type has, 0 where that is not known. lost: why one does not work, for people.

    seen: for the report: devices (index, name, memory_used_mb, memory_total_mb, utilisation_percent; null for what a GPU does not say),
    and xids, the numbers of the errors that did not lose a GPU.
    """

    def __init__(self, settings):
        self.expected, self.lost, self.seen = settings.get("gpus", 0), "", {}

    def start(self):
        # In a thread: nvidia-smi takes seconds, and does not answer at all when the driver hangs.
        if self.expected:
            threading.Thread(target=self.follow, daemon=True).start()

    def follow(self):
        while not self.lost:
            if os.path.exists(NAMES_FILE):
                try:
                    self.look()
                except Exception as error:
                    print(f"The GPUs could not be looked at: {error}", flush=True)
            time.sleep(LOOK_SECONDS if self.seen else AGAIN_SECONDS)

    def look(self):
        devices, missing = ask_devices(self.expected)
        if missing:
            # The driver may have been busy.
            time.sleep(AGAIN_SECONDS)
            devices, missing = ask_devices(self.expected)
        xids = read_xids(run("dmesg")[1])
        fatal = next((text for number, text in xids if number in FATAL_XIDS), "")
        self.seen = {"devices": devices, "xids": sorted({number for number, _ in xids if number not in FATAL_XIDS})}
        self.lost = fatal or missing

    def named(self):
        """False while the boot script still has to write the names."""
        return os.path.exists(NAMES_FILE) or not shutil.which("nvidia-ctk")


def ask_devices(expected):
    """The GPUs that answer, and a sentence when those are fewer than `expected`."""
    code, text = run(*QUERY)
    devices = read_devices(text) if code == 0 else []
    if len(devices) >= expected:
        return devices, ""
    # nvidia-smi names the GPU that it does not reach.
    words = "" if code == 0 else f" nvidia-smi: {' '.join(text.split())[:200]}"
    return devices, f"{len(devices)} of {expected} GPUs answer.{words}"


def read_devices(text):
    rows = [[part.strip() for part in line.split(",")] for line in text.splitlines()]
    return [
        {"index": number(row[0]), "name": row[1], "memory_used_mb": number(row[2]), "memory_total_mb": number(row[3]), "utilisation_percent": number(row[4])}
        for row in rows if len(row) == 5
    ]


def number(text):
    """Null for "[N/A]"."""
    return int(text) if text.isdigit() else None


def read_xids(log):
    """(number, sentence) of each Xid error in the kernel's log."""
    found = [match.groups() for match in map(XID.search, log.splitlines()) if match]
    return [(int(code), f"The GPU at {place} reported Xid {code}{': ' if words else ''}{words.rstrip('. ')}.") for place, code, words in found]


def run(*argv):
    """The exit status and the output. 124 after ANSWER_SECONDS; 127 when there is no such program."""
    try:
        done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=ANSWER_SECONDS)
        return done.returncode, done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired:
        return 124, f"{argv[0]} did not answer within {ANSWER_SECONDS} s"
    except OSError as error:
        return 127, str(error)
