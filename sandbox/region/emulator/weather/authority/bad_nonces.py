"""The certificate authority refuses a share of good nonces; a client should try again with the one of the answer.

The answer badNonce has a new nonce, with which the client should retry (RFC 8555, 6.5). Pebble refuses 5 of a hundred by default, so
that clients learn it; here it is none.
"""

from emulator.weather.condition import Condition, count


class BadNonces(Condition):
    name = "bad-nonces"
    summary = "the certificate authority refuses a share of good nonces"
    takes = "how many of a hundred"
    default = "30"

    def parse(self, text):
        found = count(text)
        if found > 99:
            raise ValueError(f'"{text}" is more than 99')
        return found


CONDITION = BadNonces()
