"""What a condition of the weather is."""

import re


class Condition:
    """One condition. Its file says what AWS does and where that is documented."""

    name = ""
    # One line for `sandbox weather`.
    summary = ""
    # What the value means. None for a condition without a value.
    takes = None
    # The value of a condition that is switched on without one, as it would be typed.
    default = None

    on = False
    # What parse made of the value. It stays when the condition is switched off, for calls that are in the middle of it.
    value = None

    def parse(self, text):
        """The value that meet works with. Raises ValueError with what is wrong."""
        return text

    def begin(self):
        """Called when the condition is switched on, and when its value changes."""

    def end(self):
        """Called when the condition is switched off."""

    def concerns(self, call):
        """Whether the weather applies to a call: to clients, not to instances. The controller's calls never come this far."""
        return call.by_client

    def meet(self, call, proceed):
        """The answer to a call: that of proceed(), which asks the region, or its own. Runs without the region's lock."""
        return proceed()

    def tick(self, now):
        """Called twice a second while the condition is on, with the region's lock. `now` is time.monotonic()."""


def seconds(text):
    """30s, 20m or 2h; a bare number is seconds."""
    found = re.fullmatch(r"(\d+)(s|m|h|)", text)
    if not found:
        raise ValueError(f'"{text}" is not a duration, such as 30s or 20m')
    return int(found.group(1)) * {"m": 60, "h": 3600}.get(found.group(2), 1)


def count(text):
    if not re.fullmatch(r"[1-9]\d*", text):
        raise ValueError(f'"{text}" is not a whole number of at least 1')
    return int(text)
