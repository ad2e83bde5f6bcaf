"""A new instance takes minutes, so that a replacement is not there when its predecessor has gone.

A group terminates an unhealthy instance first and launches its replacement afterwards, unless it has an instance maintenance
policy (Instance maintenance policies).
"""

from emulator.weather.condition import Condition


class SlowBoot(Condition):
    name = "slow-boot"
    summary = "a new instance takes minutes until it runs its user data"


CONDITION = SlowBoot()
