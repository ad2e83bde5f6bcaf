"""The units that the agent starts and stops."""
import subprocess

from docker import APP


def systemctl(verb, unit=APP):
    subprocess.run(["systemctl", verb, f"{unit}.service"], check=True)
