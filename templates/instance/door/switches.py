"""What changes while Caddy serves: files whose contents its configuration reads for each request.

A new configuration would close the connections that are idle, and a request that a client is just sending on one would be lost.
"""
import glob
import os
import shutil
import time

# A link to the folder with the files, so that all of them change at once.
SWITCH_FOLDER = "/var/lib/infer-deploy/switches"
CADDY_GROUP = "infer-deploy-caddy"


def make_switches(traffic, weights):
    """The files' contents by name. `weights`: of serving_weights. An empty one is off; see caddyconfig.routes for their meaning."""
    probe, pause = traffic["probe"] or {}, traffic["pause"] or {}
    return {
        "probe-blue": probe["token"] if probe.get("colour") == "blue" else "",
        "probe-green": probe["token"] if probe.get("colour") == "green" else "",
        "pause": pause.get("token", ""),
        # Caddy takes one line break off the end.
        "pause-body": pause.get("body", "") + "\n",
        "pause-type": pause.get("content_type", ""),
        "pause-seconds": str(pause.get("retry_after", "")),
        "green-below": threshold(weights),
        "blue": "on" if weights["blue"] else "",
        "leaving": "on" if traffic.get("leaving") else "",
    }


def threshold(weights):
    """Green gets the requests whose random identifier, in hex, is below this text: none are below "", and all are below "g"."""
    if weights["green"] == 0:
        return ""
    share = weights["green"] / (weights["blue"] + weights["green"])
    return "g" if share == 1 else f"{int(share * 2**32):08x}"


def write_switches(values):
    """Writes them if they differ from what is there."""
    if read_switches() == values:
        return
    folder, link = f"{SWITCH_FOLDER}-{time.time_ns()}", f"{SWITCH_FOLDER}.new"
    os.mkdir(folder)
    try:
        for name, text in values.items():
            with open(f"{folder}/{name}", "w", encoding="utf-8", newline="") as file:
                file.write(text)
            allow_caddy(f"{folder}/{name}", 0o640)
        allow_caddy(folder, 0o750)
    except OSError:
        # As on a full disk, where the next round tries again.
        shutil.rmtree(folder)
        raise
    if os.path.lexists(link):
        os.remove(link)
    os.symlink(folder, link)
    os.replace(link, SWITCH_FOLDER)
    # A request that has just begun may still read the one before.
    for old in sorted(glob.glob(f"{SWITCH_FOLDER}-*"))[:-2]:
        shutil.rmtree(old)


def read_switches():
    found = {}
    for path in glob.glob(f"{SWITCH_FOLDER}/*"):
        with open(path, encoding="utf-8", newline="") as file:
            found[os.path.basename(path)] = file.read()
    return found


def allow_caddy(path, mode):
    shutil.chown(path, group=CADDY_GROUP)
    os.chmod(path, mode)
