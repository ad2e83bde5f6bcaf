"""A new instance takes minutes, so that a replacement is not there when its predecessor has gone.

A group terminates an unhealthy instance first and launches its replacement afterwards, unless it has an instance maintenance
policy (Instance maintenance policies).
"""

from emulator.weather.condition import Condition, seconds


class SlowBoot(Condition):
    name = "slow-boot"
    summary = "a new instance takes minutes until it runs its user data"
    takes = "how long a new instance takes before it runs its user data"
    default = "90s"

    def parse(self, text):
        return seconds(text)


CONDITION = SlowBoot()
