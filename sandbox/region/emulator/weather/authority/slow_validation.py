"""The certificate authority takes its time to validate a name: an authorization stays pending meanwhile.

RFC 8555, 7.5.1: a client polls it, "the server may take some time". Let's Encrypt validates from several places in the world before it decides
(Multi-Perspective Validation).
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
