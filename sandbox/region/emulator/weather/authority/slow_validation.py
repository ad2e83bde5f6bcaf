"""The certificate authority takes its time to validate a name: an authorization stays pending meanwhile.

A client polls it meanwhile (RFC 8555, 7.5.1). Let's Encrypt validates from several places of the world before it decides (Multi-Perspective
Validation Improves Domain Validation Security).
"""

from emulator.weather.condition import Condition, seconds


class SlowValidation(Condition):
    name = "slow-validation"
    summary = "the certificate authority takes a random time to validate a name"
    takes = "the longest time"
    default = "15s"

    def parse(self, text):
        return seconds(text)


CONDITION = SlowValidation()
