"""The certificate authority refuses a share of good nonces; a client should try again with the one of the answer.

RFC 8555, 6.5: "A client ... SHOULD retry the request with the nonce" of a badNonce error. Let's Encrypt refuses a good one now and then, when its
data centers change over (https://community.letsencrypt.org, badNonce).
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
