"""systemd is reloaded on an instance, as any installation of a package with a unit does.

A container that got its GPUs from NVIDIA's runtime loses them then; one that got them by name keeps them
(NVIDIA Container Toolkit, Troubleshooting: "Containers losing access to GPUs").
"""

from emulator.weather.condition import Condition, seconds


class DaemonReload(Condition):
    name = "daemon-reload"
    summary = "systemd is reloaded on an instance, and sets the device rules of its containers again"
    takes = "the age at which an instance reloads systemd"
    default = "60s"

    def parse(self, text):
        return seconds(text)


CONDITION = DaemonReload()
