"""The certificate authority refuses new orders: 429 with rateLimited and Retry-After, as above a rate limit.

A request above a limit gets 429 with the error rateLimited, and Retry-After says when to come back (Let's Encrypt, Rate Limits; RFC 8555, 6.6).
"""

from emulator.weather.condition import Condition, seconds


class AuthorityBusy(Condition):
    name = "authority-busy"
    summary = "the certificate authority refuses new orders: 429 rateLimited with Retry-After"
    takes = "what Retry-After says"
    default = "60s"

    def parse(self, text):
        return seconds(text)


CONDITION = AuthorityBusy()
