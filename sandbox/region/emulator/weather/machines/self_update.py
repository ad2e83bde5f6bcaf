"""An instance updates itself: containerd, Docker and the application's unit are restarted.

Ubuntu runs unattended-upgrades by default, and needrestart restarts the services that use an updated library since 24.04
(Ubuntu Server documentation, Automatic updates).
"""

from emulator.weather.condition import Condition, seconds


class SelfUpdate(Condition):
    name = "self-update"
    summary = "an instance restarts containerd, Docker and the application's unit, as Ubuntu's updates do"
    takes = "the age at which an instance updates itself"
    default = "60s"

    def parse(self, text):
        return seconds(text)


CONDITION = SelfUpdate()
