"""Certificates are valid for minutes, so that a renewal happens within a rehearsal.

Let's Encrypt's are valid for 90 days, and for about 6 with the profile "shortlived" (Let's Encrypt, Profiles). A client renews
when about a third of that is left (Let's Encrypt, Integration Guide).
"""

from emulator.weather.condition import Condition, seconds

# Pebble's clock has whole seconds, and a client needs some to use what it got.
LEAST_SECONDS = 30


class ShortCertificates(Condition):
    name = "short-certificates"
    summary = "the certificates that the authority issues are valid for minutes"
    takes = "how long a new certificate is valid"
    default = "2m"

    def parse(self, text):
        found = seconds(text)
        if found < LEAST_SECONDS:
            raise ValueError(f'"{text}" is less than {LEAST_SECONDS}s')
        return found


CONDITION = ShortCertificates()
